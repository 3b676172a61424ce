// What the last minute was: samples, never more than fit into it.

export const SPAN_S = 60;
const EVERY_S = 0.2;
const MOST = SPAN_S / EVERY_S + 2;
const ROUNDING_S = 0.02; // states come a little early at times

/** The sample of a state: what the history holds of it. The first person is the one whom it is about. */
export function sampleOf(state) {
  const person = state.people[0];
  return {
    t: state.t,
    probabilities: person ? distribution(person) : null,
    valence: person?.valence ?? null,
    arousal: person?.arousal ?? null,
    mode: state.mode?.mode ?? null,
    cut: state.link?.cut ?? null,
    goodput_bps: state.link?.goodput_bps ?? null,
    payload: state.link?.payload ?? null,
  };
}

function distribution({ labels, probabilities }) {
  if (!probabilities.length) return null;
  return Object.fromEntries(labels.map((label, index) => [label, probabilities[index]]));
}

export class Minute {
  samples = [];

  /** The newest time, s; charts end there. */
  get now() {
    return this.samples.at(-1)?.t ?? 0;
  }

  /** Begin anew with what the server kept. */
  reset(history) {
    this.samples = history.slice(-MOST);
  }

  /** Take a sample, unless it comes too soon after the one before; a clock that stepped back begins anew. */
  add(sample) {
    if (sample.t < this.now - 1) this.samples = [];
    if (this.samples.length && sample.t < this.now + EVERY_S - ROUNDING_S) return false;
    this.samples.push(sample);
    const oldest = sample.t - SPAN_S - EVERY_S;
    while (this.samples.length > MOST || this.samples[0].t < oldest) this.samples.shift();
    return true;
  }

  /** Names of the expressions, in the model's order; `otherwise` while there has been none. */
  labels(otherwise) {
    const newest = this.samples.findLast((sample) => sample.probabilities);
    return newest ? Object.keys(newest.probabilities) : otherwise;
  }

  /** Seconds of each value of `of(sample)`, longest first; samples without a value are left out. */
  spans(of) {
    const found = new Map();
    this.samples.forEach((sample, index) => {
      const until = this.samples[index + 1]?.t ?? sample.t;
      const value = of(sample);
      if (value !== null) found.set(value, (found.get(value) ?? 0) + until - sample.t);
    });
    return [...found].sort((a, b) => b[1] - a[1]);
  }

  /** The mean of `of(sample)`; null where nothing was measured. */
  mean(of) {
    const values = this.samples.map(of).filter((value) => value !== null);
    return values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : null;
  }

  /** The lowest and the highest of `of(sample)`; null where nothing was measured. */
  range(of) {
    const values = this.samples.map(of).filter((value) => value !== null);
    return values.length ? [Math.min(...values), Math.max(...values)] : null;
  }
}
