// The last minute as tables: a row a quantity, with its name, its trace and its value. Nothing rests on colour alone.

import { byId, element, keep, write } from "./elements.js";
import { Board, area, bands } from "./traces.js";
import * as words from "./words.js";

const NAMES = words.LANES;
const SUMMARY_MS = 5000;
const KNOWN = ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral", "contempt", "calm"];
const MODES = {
  ONLINE: { colour: "online" },
  PROBING: { colour: "probing", pattern: "lined" },
  OFFLINE: { colour: "offline", pattern: "crossed" },
};
const OTHERS = ["online", "probing", "offline", "away", "valence", "arousal", "grid", "axis", "plate", "text", "other"];
const PALETTE = [...OTHERS, ...KNOWN];

/** The colour of an expression: its name among those of page.css. */
export const colourOf = (label) => (KNOWN.includes(label) ? label : "other");

const share = (label) => ({
  key: label,
  name: label,
  of: (sample) => sample.probabilities?.[label] ?? null,
  text: words.percent,
  mean: true,
  draw: (board, samples, of) => area(board, samples, of, { low: 0, high: 1, base: 0, colour: colourOf(label) }),
});

const signed = (key) => ({
  key,
  name: NAMES[key],
  of: (sample) => sample[key],
  text: words.signed,
  mean: true,
  draw: (board, samples, of) => area(board, samples, of, { low: -1, high: 1, base: 0, colour: key }),
});

const LINK = [
  {
    key: "mode",
    name: NAMES.mode,
    of: (sample) => sample.mode,
    text: (value) => value ?? words.UNKNOWN,
    draw: (board, samples, of) =>
      bands(board, samples, of, { look: (mode) => MODES[mode] ?? { colour: "axis" }, name: (mode) => mode }),
  },
  {
    key: "cut",
    name: NAMES.link,
    of: (sample) => sample.cut,
    text: (cut) => (cut === null ? words.UNKNOWN : cut ? NAMES.cut : NAMES.carries),
    draw: (board, samples, of) => bands(board, samples, of, { look: linkLook, name: linkName }),
  },
  {
    key: "goodput_bps",
    name: NAMES.goodput,
    of: (sample) => sample.goodput_bps,
    text: words.bits,
    draw: (board, samples, of) => {
      const high = Math.max(1, ...samples.map((sample) => of(sample) ?? 0));
      area(board, samples, of, { low: 0, high, base: 0, colour: "valence" });
    },
  },
  {
    key: "payload",
    name: NAMES.payload,
    of: (sample) => sample.payload,
    text: (payload) => payload || words.UNKNOWN,
    draw: (board, samples, of) =>
      bands(board, samples, of, { look: () => ({ colour: "axis" }), name: (payload) => payload }),
  },
];

const linkLook = (cut) => (cut ? { colour: "away", pattern: "crossed" } : { colour: "online" });
const linkName = (cut) => (cut ? NAMES.cut : NAMES.carries);

/** A table of lanes in a container. */
class Table {
  constructor(where, first, caption, withMean) {
    this.rows = element("tbody");
    this.summary = element("p", "unseen");
    this.withMean = withMean;
    const axis = element("th", "axis", element("span", "", NAMES.sinceMinute), element("span", "", NAMES.now));
    const head = element("tr", "", element("th", "", element("span", "unseen", first)), axis);
    head.append(element("th", "value", NAMES.now));
    if (withMean) head.append(element("th", "mean", NAMES.mean));
    else head.lastChild.colSpan = 2;
    const table = element("table", "lanes", element("caption", "unseen", caption));
    table.append(element("thead", "", head), this.rows);
    where.append(table, this.summary);
  }

  show(lanes, minute, colours) {
    const update = (row, lane) => this.#write(row, lane, minute);
    keep(this.rows, lanes, (lane) => lane.key, (lane) => this.#row(lane), update);
    for (const [index, lane] of lanes.entries()) {
      const canvas = this.rows.children[index].querySelector("canvas");
      lane.draw(new Board(canvas, minute.now, colours), minute.samples, lane.of);
    }
  }

  #row(lane) {
    const name = element("th", "", lane.name);
    name.scope = "row";
    const canvas = element("canvas");
    canvas.setAttribute("aria-hidden", "true"); // the numbers beside it and the summary say the same
    const row = element("tr", "", name, element("td", "trace", canvas), element("td", "value"));
    if (this.withMean) row.append(element("td", "mean"));
    else row.lastChild.colSpan = 2;
    return row;
  }

  #write(row, lane, minute) {
    const newest = minute.samples.at(-1);
    write(row.querySelector(".value"), lane.text(newest ? lane.of(newest) : null));
    if (this.withMean) write(row.querySelector(".mean"), lane.text(minute.mean(lane.of)));
  }
}

/** The three tables of the last minute. */
export class Lanes {
  #summarised = -Infinity;
  #colours = null;

  constructor(titles) {
    this.expressions = new Table(byId("expressions"), NAMES.expression, titles.expressions, true);
    this.affect = new Table(byId("affect"), NAMES.quantity, titles.affect, true);
    this.link = new Table(byId("link"), NAMES.quantity, titles.link, false);
    for (const query of ["(prefers-color-scheme: dark)", "(prefers-contrast: more)", "(forced-colors: active)"]) {
      matchMedia(query).addEventListener("change", () => (this.#colours = null));
    }
  }

  show(minute, labels, now) {
    this.#colours ??= readColours();
    this.expressions.show(minute.labels(labels).map(share), minute, this.#colours);
    this.affect.show(["valence", "arousal"].map(signed), minute, this.#colours);
    this.link.show(LINK, minute, this.#colours);
    if (now - this.#summarised < SUMMARY_MS) return;
    this.#summarised = now;
    this.#summarise(minute);
  }

  /** The traces in words, at a pace at which they can be read. */
  #summarise(minute) {
    const { likeliest: what, nothing, mode, link } = words.SUMMED;
    write(this.expressions.summary, words.summary(what, minute.spans((sample) => likeliest(sample) ?? nothing)));
    const ranges = ["valence", "arousal"].map((key) => [NAMES[key], minute.range((sample) => sample[key])]);
    const measured = ranges.filter(([, range]) => range).map(([name, range]) => words.extremes(name, range));
    write(this.affect.summary, measured.join(", "));
    const modes = words.summary(mode, minute.spans((sample) => sample.mode));
    const links = minute.spans((sample) => (sample.cut === null ? null : linkName(sample.cut)));
    write(this.link.summary, `${modes} ${words.summary(link, links)}`);
  }
}

function likeliest({ probabilities }) {
  if (!probabilities) return null;
  return Object.entries(probabilities).reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0];
}

function readColours() {
  const style = getComputedStyle(document.documentElement);
  const colours = Object.fromEntries(PALETTE.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
  return { ...colours, font: `600 12px ${style.fontFamily}` };
}
