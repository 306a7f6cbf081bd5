import type { ApiClient } from '../../support/api.js';
import type { Bench } from './bench-run.js';
import type { Row } from './figure.js';
import { runBatches } from './import-run.js';
import { settledDisk } from './settled-disk.js';
import { median } from './statistics.js';

export interface Comparison {
  id: string;
  what: string;
  /** Videos per round. */
  count: number;
  /** Size of each video. */
  bytes: number;
  /** Concurrency of the baseline; that of the product comes from its configuration. */
  concurrency: number;
  /** Videos per batch; default: all. */
  batch?: number;
  budget?: number;
  /** Warm-up rounds; default: 1. */
  warmUps?: number;
  /** Unit of the throughput. */
  per: 'video' | 'byte';
}

/** Alternates imports with baseline runs of as many files of the same kind, so that both see the same machine. */
export async function againstFloor(bench: Bench, api: ApiClient, comparison: Comparison): Promise<Row> {
  const { id, what, count, bytes, concurrency, batch = count, budget, per, warmUps } = comparison;
  const files = (): string[] => bench.origin.urls({ name: bench.name(), count, bytes });
  const round = async (): Promise<{ product: number; floor: number }> => {
    await settledDisk();
    const floor = (await bench.floor.run(files(), concurrency)).seconds;
    await settledDisk();
    const runs = await runBatches(api, files(), batch);
    return { product: runs.reduce((sum, { seconds }) => sum + seconds, 0), floor };
  };
  const rounds = await bench.repeat(round, round, warmUps);
  const ratios = rounds.map(({ product, floor }) => floor / product);
  const amount = per === 'video' ? count : (count * bytes) / 1e6;
  const rate = (seconds: number[]): { value: number; unit: string } => ({
    value: amount / median(seconds),
    unit: per === 'video' ? 'videos/s' : 'MB/s',
  });
  return {
    id,
    what,
    unit: '×',
    better: 'higher',
    value: median(ratios),
    rounds: ratios,
    ...(budget !== undefined && { budget }),
    absolute: {
      product: rate(rounds.map(({ product }) => product)),
      baseline: rate(rounds.map(({ floor }) => floor)),
    },
  };
}
