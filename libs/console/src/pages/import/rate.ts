/** Finished items at a time, in milliseconds. */
export interface Sample {
  readonly at: number;
  readonly finished: number;
}

/** Older samples say nothing about the rate of now. */
const WINDOW_MS = 30_000;
const LEAST_MS = 2_000;

/** Adds a sample; those that have left the window are dropped, but for the plot kept up to `most`. */
export function withSample(samples: readonly Sample[], sample: Sample, most = 300): Sample[] {
  const last = samples.at(-1);
  // A retry takes items back: what was measured before it is of another run.
  if (last !== undefined && sample.finished < last.finished) return [sample];
  return [...samples, sample].slice(-most);
}

/** Items per second in the latest half minute; undefined before there is enough to measure. */
export function rateOf(samples: readonly Sample[]): number | undefined {
  const last = samples.at(-1);
  if (last === undefined) return undefined;
  const first = samples.find(({ at }) => at >= last.at - WINDOW_MS);
  if (first === undefined || last.at - first.at < LEAST_MS) return undefined;
  return (last.finished - first.finished) / ((last.at - first.at) / 1_000);
}

/** Two samples in a row are no rate: progress may arrive by an event and by a call at once. */
const LEAST_STEP_MS = 1_000;
const MINUTE_S = 60;

/** Items per second in steps of a second or more, with the time of their ends in seconds: columns of a plot. */
export function columnsOf(samples: readonly Sample[]): [times: number[], rates: number[]] {
  const [times, rates]: [number[], number[]] = [[], []];
  let [before] = samples;
  for (const sample of samples) {
    if (before === undefined || sample.at - before.at < LEAST_STEP_MS) continue;
    times.push(sample.at / 1_000);
    rates.push((sample.finished - before.finished) / ((sample.at - before.at) / 1_000));
    before = sample;
  }
  return [times, rates];
}

/** Whole minutes from the first time on, so that the axis of a plot stays while points arrive. @param times in seconds */
export function windowOf(times: readonly number[]): [from: number, to: number] {
  const from = times[0] ?? 0;
  const minutes = Math.max(1, Math.ceil(((times.at(-1) ?? from) - from) / MINUTE_S));
  return [from, from + minutes * MINUTE_S];
}
