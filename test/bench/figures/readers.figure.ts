import { ReadersProcess } from '../support/readers-process.js';
import type { Bench } from '../support/bench-run.js';
import type { BenchInstallation } from '../support/bench-installation.js';
import type { ApiClient } from '../../support/api.js';
import type { Figure } from '../support/figure.js';
import { batchOf, runImport } from '../support/import-run.js';
import { median } from '../support/statistics.js';

const BYTES = 28_000;
const READERS = 500;
const BUDGET = 0.95;
/** Time to open all streams before the import starts. */
const AHEAD_MS = 5_000;
/** V8 compiles during the first ten thousand videos. */
const WARM_UPS = 4;

export const readers: Figure = {
  name: 'readers',
  question: `What is left of the throughput of an import while ${READERS} readers follow its events?`,
  when: 'always',
  measure: async (bench) => {
    const count = bench.amount(3_000, 10_000);
    const installation = await bench.install({
      workers: 1,
      environment: { MAX_EVENT_STREAMS: String(2 * READERS) },
    });
    const api = await installation.client('bench');
    const process = ReadersProcess.start();
    const rate = (followed: number): Promise<number> =>
      measured({ bench, installation, api, process, count, followed });
    // In turns, so that a slow moment of the machine affects both.
    const round = async (place: number): Promise<{ alone: number; followed: number }> => {
      const first = await rate(place % 2 === 0 ? 0 : READERS);
      const second = await rate(place % 2 === 0 ? READERS : 0);
      return place % 2 === 0 ? { alone: first, followed: second } : { alone: second, followed: first };
    };
    const warmUp = () => runImport(api, bench.origin.urls({ name: bench.name(), count, bytes: BYTES }));
    const rounds = await bench.repeat(round, warmUp, WARM_UPS);
    await process.stop();
    await installation.remove();
    const ratios = rounds.map(({ alone, followed }) => followed / alone);
    return [
      {
        id: `readers.${READERS}`,
        what: `Throughput with ${READERS} readers of the events of the import, relative to none`,
        unit: '×',
        better: 'higher',
        value: median(ratios),
        rounds: ratios,
        budget: BUDGET,
        absolute: {
          alone: { value: median(rounds.map(({ alone }) => alone)), unit: '/s' },
          followed: { value: median(rounds.map(({ followed }) => followed)), unit: '/s' },
        },
      },
    ];
  },
};

interface Measurement {
  bench: Bench;
  installation: BenchInstallation;
  api: ApiClient;
  process: ReadersProcess;
  count: number;
  /** Number of readers. */
  followed: number;
}

/** Finished items per second of one import, from its first finished item to its last. */
async function measured(measurement: Measurement): Promise<number> {
  const { bench, installation, api, process, count, followed } = measurement;
  const urls = bench.origin.urls({ name: bench.name(), count, bytes: BYTES });
  const notBefore = new Date(Date.now() + AHEAD_MS).toISOString();
  const id = await api.importVideos('bench', batchOf(urls), { notBefore });
  if (followed > 0) await process.open(`${api.baseUrl}/api/v1/imports/${id}/events`, api.token, followed);
  if (Date.now() > Date.parse(notBefore)) throw new Error('The readers took too long to connect');
  const { overview } = await api.finished(id);
  if (overview.success !== count)
    throw new Error(`Not all videos were imported: ${JSON.stringify(overview)}`);
  if (followed > 0) {
    const { finished } = await process.close();
    if (finished !== followed) throw new Error(`Only ${finished} of ${followed} readers saw the end`);
  }
  const { rows } = await installation.database.query<{ rate: number }>(
    `SELECT (count(*) - 1)::float8 / extract(epoch FROM max(finished_at) - min(finished_at))::float8 AS rate
     FROM import_items WHERE import_id = $1`,
    [id],
  );
  return rows[0]?.rate ?? NaN;
}
