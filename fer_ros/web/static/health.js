// How each node is: a shape and a word, what it says, and its values for those who ask.

import { byId, element, keep, show, write } from "./elements.js";
import * as words from "./words.js";

const list = byId("health");

/** Show the nodes' reports. */
export function showHealth(reports) {
  keep(list, reports, (report) => report.name, make, update);
  show(byId("no-health"), !reports.length);
}

function make(report) {
  const summary = element("summary", "", element("span", "level"), element("span", "name", report.name));
  summary.append(element("span", "message"));
  return element("li", "", element("details", "", summary, element("dl"), element("p", "quiet")));
}

function update(item, report) {
  const level = item.querySelector(".level");
  level.dataset.level = report.level;
  write(level, words.level(report.level));
  write(item.querySelector(".message"), report.message);
  if (!item.firstChild.open) return;
  keep(item.querySelector("dl"), Object.entries(report.values), ([name]) => name, makeValue, (pair, [, value]) =>
    write(pair.lastChild, String(value)),
  );
  write(item.querySelector(".quiet"), words.report(report.age_s));
}

const makeValue = ([name]) => element("div", "", element("dt", "", name), element("dd"));
