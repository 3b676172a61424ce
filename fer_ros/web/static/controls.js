// The buttons. They show what the graph says is so, never what was asked for, and tell what was answered.

import { byId, element, keep, write } from "./elements.js";
import * as words from "./words.js";

const ANSWER_WITHIN_MS = 10000;
const HASTY = 429;

const profiles = byId("profile");
const groups = new Map([...document.querySelectorAll("#controls [data-do]")].map((group) => [group.dataset.do, group]));

/** Each group: which value is so in a state, and the words for it; null where it is not known. */
const PRESENT = {
  consent: ({ permission }) => permission && [CONSENTED[permission.consent], words.consent(permission)],
  enable: ({ permission }) => permission && [String(permission.enabled), words.enabled(permission)],
  mode: ({ mode }) => mode && [mode.forced ? mode.mode.toLowerCase() : "automatic", words.mode(mode)],
  cut: ({ link }) => link && [String(link.cut), words.carries(link)],
  link: ({ link }) => link && [link.profile, words.profile(link)],
};
const CONSENTED = { GIVEN: "true", WITHDRAWN: "false" };

let connected = () => false;
let chosen = false; // a profile was picked and not used yet: it stays picked

/** Make the buttons work; `isConnected` says whether there is somebody to ask. */
export function startControls(isConnected) {
  connected = isConnected;
  for (const [what, group] of groups) {
    for (const button of group.querySelectorAll("button")) {
      button.addEventListener("click", () => press(what, group, button));
    }
  }
  profiles.addEventListener("change", () => (chosen = true));
}

/** Offer link profiles. */
export function offerProfiles(names) {
  keep(profiles, names, (name) => name, (name) => element("option", "", name));
}

/** Show what is so. */
export function showControls(state) {
  for (const [what, group] of groups) {
    const [value, text] = PRESENT[what](state) ?? [null, words.NOT_KNOWN];
    write(group.querySelector(".now"), text);
    for (const button of group.querySelectorAll("[data-value]")) {
      setAttribute(button, "aria-pressed", String(button.dataset.value === value));
    }
  }
  if (state.link && !chosen && document.activeElement !== profiles) profiles.value = state.link.profile;
}

/** Buttons that nobody would hear are marked so. */
export function markControls() {
  for (const group of groups.values()) mark(group);
}

// Not `disabled`: that takes the focus away from who pressed the button.
function mark(group) {
  const off = !connected() || group.getAttribute("aria-busy") === "true";
  for (const button of group.querySelectorAll("button")) setAttribute(button, "aria-disabled", String(off));
}

async function press(what, group, button) {
  const output = group.querySelector("output");
  if (group.getAttribute("aria-busy") === "true") return;
  tell(output, "", words.WAITING);
  setAttribute(group, "aria-busy", "true");
  mark(group);
  const { success, message } = await ask(request(what, button));
  setAttribute(group, "aria-busy", "false");
  mark(group);
  if (what === "link") chosen = false;
  tell(output, String(success), words.answered(success, message));
}

function request(what, button) {
  if (what === "link") return { do: what, profile: profiles.value };
  const { value } = button.dataset;
  return { do: what, value: what === "mode" ? value : value === "true" };
}

/** What the program answers: {success, message}. */
async function ask(body) {
  const refused = (message) => ({ success: false, message });
  if (!connected()) return refused(words.REFUSED.offline);
  try {
    const response = await fetch("do", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    if (response.status === HASTY) return refused(words.REFUSED.hasty);
    const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
    return isJson ? await response.json() : refused(words.REFUSED.other(response.status));
  } catch (error) {
    return refused(error.name === "TimeoutError" ? words.REFUSED.timeout : words.REFUSED.unreachable);
  }
}

function tell(output, success, text) {
  output.dataset.success = success;
  write(output, text);
}

function setAttribute(where, name, value) {
  if (where.getAttribute(name) !== value) where.setAttribute(name, value);
}
