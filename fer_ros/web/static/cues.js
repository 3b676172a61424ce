// What the conversation was told, newest first, each with the rule behind it.

import { byId, element, keep, show, write } from "./elements.js";
import * as words from "./words.js";

const MOST = 20;
const list = byId("cues");

/** Show the newest cues; `now` in s, of the clock of their times. */
export function showCues(cues, now) {
  const shown = cues.slice(0, MOST);
  keep(list, shown, (cue) => `${cue.t} ${cue.rule} ${cue.explanation}`, make, (item, cue) =>
    write(item.querySelector(".when"), words.ago(now - cue.t)),
  );
  show(byId("no-cues"), !shown.length);
  show(list, shown.length > 0);
}

function make(cue) {
  const head = element("p", "head", element("strong", "", words.cue(cue.cue)), " ", element("span", "when"));
  const behind = [words.rule(cue.rule), words.restsOn(cue.emotion, cue.confidence), cue.face_id];
  const rule = element("p", "quiet", behind.filter(Boolean).join(" · "));
  return element("li", "", head, element("p", "", cue.explanation), rule);
}
