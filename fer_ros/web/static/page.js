// The live page: the stream comes in, and each part of the page shows its share of it.

import { Connection } from "./connection.js";
import { markControls, offerProfiles, showControls, startControls } from "./controls.js";
import { showCues } from "./cues.js";
import { byId, show, write } from "./elements.js";
import { showHealth } from "./health.js";
import { Lanes } from "./lanes.js";
import { Minute, sampleOf } from "./minute.js";
import { showNotice } from "./notice.js";
import { showPeople } from "./people.js";
import { Picture } from "./picture.js";
import * as words from "./words.js";

const calm = matchMedia("(prefers-reduced-motion: reduce)");
const EVERY_MS = 180; // what is read need not change faster
const CALM_EVERY_MS = 1000;

const title = (id) => byId(id).textContent;
const lanes = new Lanes({
  expressions: title("expressions-title"),
  affect: title("affect-title"),
  link: title("link-title"),
});
const picture = new Picture();
const minute = new Minute();

let labels = [];
let newest = null;
let drawn = 0;
let asked = false;
let told = {};
let countdown = 0;

function onMessage(message) {
  if (message.type === "hello") {
    labels = message.labels;
    offerProfiles(message.profiles);
    minute.reset(message.history);
  } else if (message.type === "state") {
    newest = message;
    minute.add(sampleOf(message));
  }
  if (!asked) {
    asked = true;
    requestAnimationFrame(draw);
  }
}

function draw(now) {
  asked = false;
  if (now - drawn < (calm.matches ? CALM_EVERY_MS : EVERY_MS)) return; // the next state is not far
  drawn = now;
  lanes.show(minute, labels, now);
  if (newest) showState(newest);
}

function showState(state) {
  picture.rate(state.images_hz);
  showPeople(state.people, state.permission);
  showControls(state);
  showCues(state.cues, state.t);
  showHealth(state.health);
  showNotice(state.notice);
  write(byId("images"), state.images_hz === null ? "" : words.perSecond(state.images_hz));
  show(byId("images"), state.images_hz !== null);
  const paused = state.permission && !state.permission.permitted ? words.paused(state.permission.reason) : "";
  write(byId("paused"), paused);
  show(byId("paused"), paused !== "");
  announce({ paused, mode: state.mode ? words.modeIs(state.mode.mode) : "" });
}

/** Say aloud what changed: a pause, its end, another mode. */
function announce(present) {
  const changed = Object.keys(present).filter((key) => key in told && told[key] !== present[key]);
  told = present;
  if (changed.includes("paused")) write(byId("said"), present.paused || words.GOES_ON);
  else if (changed.includes("mode")) write(byId("said"), present.mode);
}

function onChange(state, attempts, wait) {
  const was = document.body.dataset.connection;
  document.body.dataset.connection = state;
  const pill = byId("connected");
  pill.dataset.level = state === "live" ? "OK" : state === "lost" ? "ERROR" : "STALE";
  write(pill, words.connection(state));
  show(byId("lost"), state === "lost");
  countDown(attempts, state === "lost" ? wait : 0);
  if (state === "live" && was === "lost") {
    picture.again();
    write(byId("said"), words.BACK);
  } else if (state === "lost" && was === "live") {
    picture.lose();
    write(byId("said"), words.LOST);
  }
  markControls();
}

function countDown(attempts, wait) {
  clearInterval(countdown);
  const until = performance.now() + 1000 * wait;
  const tell = () => {
    const left = Math.max(Math.ceil((until - performance.now()) / 1000), 0);
    write(byId("lost-text"), words.lost(left, attempts));
    if (!left) clearInterval(countdown);
  };
  tell();
  if (wait) countdown = setInterval(tell, 1000);
}

const connection = new Connection(onMessage, onChange);
startControls(() => connection.live);
connection.start();
byId("retry").addEventListener("click", () => connection.retry());
