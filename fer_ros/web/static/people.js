// Who is seen, and which expression each appears to show; or why there is no answer.

import { byId, element, keep, show, write } from "./elements.js";
import { colourOf } from "./lanes.js";
import * as words from "./words.js";

const MOST = 8;
const list = byId("people");
const nobody = byId("nobody");

/** Show the people of a state. */
export function showPeople(people, permission) {
  keep(list, people.slice(0, MOST), (person) => person.id, make, update);
  const paused = permission !== null && !permission.permitted;
  const rest = people.length > MOST ? words.more(people.length - MOST) : "";
  write(nobody, people.length ? rest : paused ? words.NOTHING : words.NOBODY);
  show(nobody, nobody.textContent !== "");
}

function make() {
  const head = element("p", "answer");
  head.append(element("strong"), " ", element("span", "percent"), " ", element("span", "also"));
  const bar = element("span", "bar", element("span"));
  bar.setAttribute("aria-hidden", "true"); // the percentage says the same
  return element("li", "person", head, bar, element("p", "quiet"));
}

function update(item, person) {
  const [label, probability] = likeliest(person);
  const sure = !person.abstained && label !== null;
  const others = person.set.filter((name) => name !== label);
  item.dataset.sure = sure;
  item.dataset.expression = sure ? colourOf(label) : "other";
  write(item.querySelector("strong"), sure ? label : words.noAnswer(person.reason));
  write(item.querySelector(".percent"), sure ? words.percent(probability) : "");
  write(item.querySelector(".also"), sure ? words.others(others) : words.guess(person.set));
  item.querySelector(".bar > span").style.setProperty("--share", probability ?? 0);
  write(item.querySelector(".quiet"), [person.id, words.source(person.source)].filter(Boolean).join(" · "));
}

function likeliest({ labels, probabilities }) {
  if (!probabilities.length) return [null, null];
  const index = probabilities.indexOf(Math.max(...probabilities));
  return [labels[index], probabilities[index]];
}
