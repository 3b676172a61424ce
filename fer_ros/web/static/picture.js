// The camera's picture, or the word that there is none.

import { byId, show, write } from "./elements.js";
import { PICTURE } from "./words.js";

const LOOK_MS = 2000;
const PATIENCE_MS = 6000; // without anything new for longer, the stream is asked for again
const LONGEST_PATIENCE_MS = 60000; // a picture that never changes is asked for ever less often
const SAMPLE = [16, 9]; // px that two pictures are compared by

export class Picture {
  #image = byId("video");
  #word = byId("no-picture");
  #pen = null;
  #before = "";
  #changed = performance.now();
  #patience = PATIENCE_MS;
  #arriving = true;

  constructor() {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = SAMPLE;
    this.#pen = canvas.getContext("2d", { willReadFrequently: true });
    this.#image.addEventListener("load", () => this.#tell());
    this.#image.addEventListener("error", () => this.#tell(PICTURE.stalled));
    if (this.#image.naturalWidth) this.#tell();
    setInterval(() => this.#look(), LOOK_MS);
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#stop() : this.again()));
  }

  /** Ask for the stream anew. */
  again() {
    this.#changed = performance.now();
    this.#image.src = `video?${Math.round(this.#changed)}`;
  }

  /** The connection is gone: so is the picture, until `again`. */
  lose() {
    this.#tell(PICTURE.lost);
  }

  /** How many pictures there are in a second, by the program's count. */
  rate(hz) {
    this.#arriving = hz !== 0;
  }

  /** Nobody looks: then nothing has to be drawn and sent either. */
  #stop() {
    this.#image.removeAttribute("src");
    this.#tell(PICTURE.waiting);
  }

  #look() {
    if (document.hidden || document.body.dataset.connection !== "live") return;
    if (this.#moves()) {
      this.#changed = performance.now();
      this.#patience = PATIENCE_MS;
      this.#tell();
    } else if (!this.#arriving) this.#tell(PICTURE.none);
    if (performance.now() - this.#changed < this.#patience) return;
    this.#patience = Math.min(2 * this.#patience, LONGEST_PATIENCE_MS);
    this.again();
  }

  #moves() {
    if (!this.#image.naturalWidth) return false;
    this.#pen.drawImage(this.#image, 0, 0, ...SAMPLE);
    const seen = this.#pen.getImageData(0, 0, ...SAMPLE).data.join();
    const moves = seen !== this.#before;
    this.#before = seen;
    return moves;
  }

  /** Nothing to tell: there is a picture. */
  #tell(word = "") {
    write(this.#word, word);
    show(this.#word, word !== "");
    this.#image.classList.toggle("old", word !== "");
  }
}
