import type { Row } from '../../support/figure.js';
import { median } from '../../support/statistics.js';

/** Results of one round. */
export interface Measured {
  /** Videos per second. */
  rate: number;
  /** Milliseconds from the POST of a batch to its answer. */
  accepted: number;
}

/** One point of each curve: throughput of small videos, and latency of accepting a batch. */
export function point(
  figure: string,
  x: number,
  { what, batch }: { what: string; batch: number },
  rounds: readonly Measured[],
): Row[] {
  const rates = rounds.map(({ rate }) => rate);
  const times = rounds.map(({ accepted }) => accepted);
  return [
    {
      id: `${figure}.rate.${x}`,
      what: `Small videos, ${what}`,
      unit: 'videos/s',
      better: 'higher',
      value: median(rates),
      rounds: rates,
      absolute: {},
      x,
    },
    {
      id: `${figure}.accept.${x}`,
      what: `Accepting a batch of ${batch}, ${what}`,
      unit: 'ms',
      better: 'lower',
      value: median(times),
      rounds: times,
      absolute: {},
      x,
    },
  ];
}
