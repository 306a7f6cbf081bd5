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

/** Items per second between each sample and the one before it, with the time of both in seconds: columns of a plot. */
export function columnsOf(samples: readonly Sample[]): [times: number[], rates: number[]] {
  const [times, rates]: [number[], number[]] = [[], []];
  for (const [index, sample] of samples.entries()) {
    const before = samples[index - 1];
    if (before === undefined || sample.at === before.at) continue;
    times.push(sample.at / 1_000);
    rates.push((sample.finished - before.finished) / ((sample.at - before.at) / 1_000));
  }
  return [times, rates];
}
