// What the page says, apart from index.html, and how it writes numbers.

const LANGUAGE = document.documentElement.lang;
const whole = new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 0 });
const one = new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 1 });
const two = new Intl.NumberFormat(LANGUAGE, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const signedTwo = new Intl.NumberFormat(LANGUAGE, {
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
  signDisplay: "exceptZero",
});

export const UNKNOWN = "–";

const known = (value) => value !== null && value !== undefined;
const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1);

export const percent = (share) => (known(share) ? `${whole.format(100 * share)} %` : UNKNOWN);
export const signed = (value) => (known(value) ? signedTwo.format(value).replace("-", "−") : UNKNOWN);
export const perSecond = (hz) => `${one.format(hz)} images/s`;
export const milliseconds = (s) => `${whole.format(1000 * s)} ms`;

export function bits(bps) {
  if (!known(bps)) return UNKNOWN;
  return bps < 1e6 ? `${whole.format(bps / 1e3)} kbit/s` : `${two.format(bps / 1e6)} Mbit/s`;
}

export function span(s) {
  return s < 100 ? `${whole.format(Math.max(s, 0))} s` : `${whole.format(s / 60)} min`;
}

export const ago = (s) => `${span(s)} ago`;

const CONNECTION = { live: "live", connecting: "connecting", lost: "not connected" };
export const connection = (state) => CONNECTION[state];

export function lost(seconds, attempts) {
  const again = seconds > 0 ? `Next try in ${whole.format(seconds)} s.` : "Trying again.";
  const hint = "If the program was started again, its address has changed: take the new one from its terminal.";
  return `Connection lost; what is shown is old. ${again}${attempts > 2 ? ` ${hint}` : ""}`;
}

export const LOST = "Connection lost";
export const BACK = "Connected again";
export const paused = (reason) => `Paused: ${reason}. Nothing is estimated, nothing is sent.`;
export const GOES_ON = "Estimates are made again";
export const modeIs = (mode) => `Mode ${mode}`;
export const context = (name) => `context: ${name}`;

export const PICTURE = {
  waiting: "Waiting for the first picture",
  none: "No picture: no images arrive",
  stalled: "No picture: the video has stopped; trying again",
  lost: "No picture: not connected",
};

const SOURCES = { robot: "robot", cloud: "cloud", both: "robot and cloud" };
export const source = (name) => SOURCES[name] ?? name;
export const guess = (labels) => (labels.length ? `${labels.join(" or ")}?` : "");
export const others = (labels) => (labels.length ? `or ${guess(labels)}` : "");
export const noAnswer = (reason) => sentence(reason || "no answer");
export const more = (count) => `and ${whole.format(count)} more`;
export const NOBODY = "Nobody is seen.";
export const NOTHING = "Nothing is estimated.";

export const cue = (name) => sentence(name.replaceAll("_", " "));
export const rule = (name) => `rule ${name}`;
export const restsOn = (emotion, confidence) => (emotion ? `${emotion} ${percent(confidence)}` : "");

const LEVELS = { OK: "well", WARN: "warning", ERROR: "error", STALE: "silent" };
export const level = (name) => LEVELS[name] ?? name;
export const report = (age) => `reported ${ago(age)}`;

const CONSENT = { NOT_GIVEN: "not given", GIVEN: "given", WITHDRAWN: "withdrawn" };
export const consent = (permission) =>
  `${CONSENT[permission.consent]}; ${permission.consent_required ? "required" : "not required here"}`;

export function enabled(permission) {
  if (!permission.enabled) return "off";
  return permission.permitted ? "on" : `on, but paused: ${permission.reason}`;
}

export const mode = ({ mode: name, reason }) => (reason ? `${name}: ${reason}` : name);
export const profile = (link) => `in use: ${link.profile}`;

export function carries(link) {
  if (link.cut) return "cut: it carries nothing";
  const trip = known(link.round_trip_s) ? `, ${milliseconds(link.round_trip_s)} there and back` : "";
  return known(link.goodput_bps) ? `carries ${bits(link.goodput_bps)}${trip}` : "nothing measured yet";
}

export const NOT_KNOWN = "not known yet";
export const WAITING = "waiting for the answer";
export const answered = (success, message) => (success ? message : `Not done: ${message}`);
export const REFUSED = {
  offline: "the page is not connected",
  timeout: "no answer within 10 s",
  unreachable: "the program cannot be reached",
  hasty: "too many requests; wait a moment",
  other: (status) => `the program refused it (HTTP ${status})`,
};

export const LANES = {
  expression: "Expression",
  quantity: "Quantity",
  now: "now",
  mean: "mean",
  sinceMinute: "60 s ago",
  valence: "valence",
  arousal: "arousal",
  mode: "mode",
  link: "link",
  goodput: "goodput",
  payload: "sent",
  carries: "up",
  cut: "cut",
};

export const summary = (what, spans) =>
  `Last minute, ${what}: ${spans.map(([name, s]) => `${name} ${span(s)}`).join(", ") || "nothing"}.`;
export const extremes = (what, [low, high]) => `${what} between ${signed(low)} and ${signed(high)}`;
export const SUMMED = { likeliest: "most likely expression", nothing: "no estimate", mode: "mode", link: "link" };
