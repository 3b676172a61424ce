// What people are told: in the reader's language where there is one, the others below it.

import { byId, element, show, write } from "./elements.js";
import * as words from "./words.js";

let shown = "";

/** Show the notice and where the robot is deployed. */
export function showNotice(notice) {
  const present = JSON.stringify(notice);
  if (present === shown) return;
  shown = present;
  write(byId("context"), notice?.deployment_context ? words.context(notice.deployment_context) : "");
  show(byId("context"), Boolean(notice?.deployment_context));
  if (notice?.languages.length) showTexts(notice.languages.map((language, index) => [language, notice.texts[index]]));
}

function showTexts(texts) {
  const first = Math.max(preferred(texts.map(([language]) => language)), 0);
  const [language, text] = texts[first];
  const main = byId("notice");
  main.lang = language;
  main.className = "";
  write(main, text);
  const others = texts.filter((_, index) => index !== first);
  const more = byId("notices");
  more.replaceChildren(more.querySelector("summary"), ...others.map(paragraph));
  show(more, others.length > 0);
}

/** Where the first language that the reader's browser asks for stands; -1: none of them is there. */
function preferred(languages) {
  const base = (tag) => tag.toLowerCase().split("-")[0];
  const wanted = navigator.languages.map(base).find((tag) => languages.map(base).includes(tag));
  return languages.map(base).indexOf(wanted);
}

function paragraph([language, text]) {
  const made = element("p", "", text);
  made.lang = language;
  return made;
}
