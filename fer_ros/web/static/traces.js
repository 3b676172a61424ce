// Drawing of one lane over the last minute on a canvas. Colours come from page.css.

import { SPAN_S } from "./minute.js";

const GAP_S = 1; // a longer time without samples is left empty
const GRID_S = 15;
const PAD = 2; // px, so that lines at the edge are whole
const TEXT_MARGIN = 5; // px
const HATCH = 6; // px between lines of a pattern

/** Where and in which colours a lane is drawn; `now` is its right edge, s. */
export class Board {
  constructor(canvas, now, colours) {
    const scale = window.devicePixelRatio || 1;
    this.width = canvas.clientWidth;
    this.height = canvas.clientHeight;
    if (canvas.width !== Math.round(this.width * scale) || canvas.height !== Math.round(this.height * scale)) {
      canvas.width = Math.round(this.width * scale);
      canvas.height = Math.round(this.height * scale);
    }
    this.pen = canvas.getContext("2d");
    this.pen.setTransform(scale, 0, 0, scale, 0, 0);
    this.pen.clearRect(0, 0, this.width, this.height);
    this.now = now;
    this.colours = colours;
    this.#grid();
  }

  x(t) {
    return this.width * (1 - (this.now - t) / SPAN_S);
  }

  #grid() {
    this.pen.fillStyle = this.colours.grid;
    for (let s = 0; s < SPAN_S; s += GRID_S) this.pen.fillRect(Math.round(this.x(this.now - s)) - 1, 0, 1, this.height);
    this.pen.fillRect(0, 0, 1, this.height);
  }
}

/** Pieces of samples without a gap, each [[t, value], ...]. */
function pieces(samples, of) {
  const found = [];
  let piece = [];
  for (const sample of samples) {
    const value = of(sample);
    const broken = value === null || (piece.length && sample.t - piece.at(-1)[0] > GAP_S);
    if (broken && piece.length) {
      found.push(piece);
      piece = [];
    }
    if (value !== null) piece.push([sample.t, value]);
  }
  if (piece.length) found.push(piece);
  return found;
}

/** A line and the area to `base`, from `low` at the bottom to `high` at the top. */
export function area(board, samples, of, { low, high, base, colour }) {
  const { pen, height } = board;
  const y = (value) => PAD + (height - 2 * PAD) * (1 - (Math.min(value, high) - low) / (high - low));
  const fill = board.colours[colour];
  pen.fillStyle = board.colours.axis;
  pen.fillRect(0, Math.round(y(base)), board.width, 1);
  for (const piece of pieces(samples, of)) {
    const line = new Path2D();
    for (const [t, value] of piece) line.lineTo(board.x(t), y(value));
    const inside = new Path2D(line);
    inside.lineTo(board.x(piece.at(-1)[0]), y(base));
    inside.lineTo(board.x(piece[0][0]), y(base));
    pen.fillStyle = fill;
    pen.globalAlpha = 0.4;
    pen.fill(inside);
    pen.globalAlpha = 1;
    pen.strokeStyle = fill;
    pen.lineWidth = 2;
    pen.lineJoin = "round";
    pen.stroke(line);
  }
}

/** Bands of equal values, each with its look and, where there is room, its name. */
export function bands(board, samples, of, { look, name }) {
  for (const { from, until, value } of runs(samples, of)) {
    const left = Math.max(board.x(from), 0);
    const box = { x: left, width: Math.max(board.x(until) - left, 1) };
    const { colour, pattern } = look(value);
    paint(board, box, board.colours[colour], pattern);
    caption(board, box, name(value));
  }
}

function runs(samples, of) {
  const found = [];
  for (const piece of pieces(samples, of)) {
    for (const [t, value] of piece) {
      const last = found.at(-1);
      if (last && last.value === value && t - last.until <= GAP_S) last.until = t;
      else {
        if (last && t - last.until <= GAP_S) last.until = t;
        found.push({ from: t, until: t, value });
      }
    }
  }
  return found;
}

function paint(board, { x, width }, colour, pattern) {
  const { pen, height } = board;
  pen.save();
  pen.beginPath();
  pen.rect(x, PAD, width, height - 2 * PAD);
  pen.clip();
  pen.fillStyle = colour;
  pen.globalAlpha = 0.28;
  pen.fill();
  pen.globalAlpha = 0.75;
  pen.strokeStyle = colour;
  pen.lineWidth = 1;
  if (pattern) hatch(pen, x, width, height, pattern === "crossed");
  pen.globalAlpha = 1;
  pen.fillRect(x, PAD, width, 3);
  pen.fillRect(x, PAD, 1, height - 2 * PAD);
  pen.restore();
}

function hatch(pen, x, width, height, crossed) {
  const first = Math.floor((x - height) / HATCH) * HATCH;
  pen.beginPath();
  for (let at = first; at < x + width + height; at += HATCH) {
    pen.moveTo(at, height);
    pen.lineTo(at + height, 0);
    if (crossed) {
      pen.moveTo(at, 0);
      pen.lineTo(at + height, height);
    }
  }
  pen.stroke();
}

function caption(board, { x, width }, text) {
  const { pen, height } = board;
  pen.font = board.colours.font;
  pen.textBaseline = "middle";
  const room = pen.measureText(text).width + 2 * TEXT_MARGIN;
  if (!text || room > width) return;
  pen.fillStyle = board.colours.plate;
  pen.fillRect(x + 2, PAD + 4, room - 4, height - 2 * PAD - 5);
  pen.fillStyle = board.colours.text;
  pen.fillText(text, x + TEXT_MARGIN, height / 2 + 2);
}
