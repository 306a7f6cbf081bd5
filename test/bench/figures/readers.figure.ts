import { setTimeout as wait } from 'node:timers/promises';
import { eventCursor } from '../../../src/imports/events/event-cursor.js';
import type { ApiClient } from '../../support/api.js';
import type { BenchInstallation } from '../support/bench-installation.js';
import type { Bench } from '../support/bench-run.js';
import type { Figure } from '../support/figure.js';
import { batchOf, runImport } from '../support/import-run.js';
import { ReadersProcess } from '../support/readers-process.js';
import { mean, median } from '../support/statistics.js';

const BYTES = 28_000;
const READERS = 500;
const BUDGET = 0.95;
/** Enough for all slices of a round. The rest is cancelled. */
const BATCH = 80_000;
/** V8 compiles during the first ten thousand videos. */
const WARM_UPS = 3;
const WARM_UP = 5_000;
const SLICE_MS = 5_000;
/** From the opening or closing of the streams to the next slice. */
const SETTLE_MS = 2_500;

export const readers: Figure = {
  name: 'readers',
  question: `What is left of the throughput of an import while ${READERS} readers follow its events?`,
  when: 'always',
  measure: async (bench) => {
    const pairs = bench.amount(2, 4);
    const installation = await bench.install({
      workers: 1,
      environment: {
        MAX_EVENT_STREAMS: String(2 * READERS),
        MAX_BATCH_ITEMS: String(BATCH),
        MAX_BODY_BYTES: String(64 * 1024 * 1024),
      },
    });
    const api = await installation.client('bench');
    const process = ReadersProcess.start();
    const warmUp = () =>
      runImport(api, bench.origin.urls({ name: bench.name(), count: WARM_UP, bytes: BYTES }));
    const rounds = await bench.repeat(
      () => measured({ bench, installation, api, process, pairs }),
      warmUp,
      WARM_UPS,
    );
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
  /** Number of slices with readers; there is one more without. */
  pairs: number;
}

/** Items per second of one import, in turns without and with readers, so that what the machine does affects both. */
async function measured({ bench, installation, api, process, pairs }: Measurement) {
  const urls = bench.origin.urls({ name: bench.name(), count: BATCH, bytes: BYTES });
  const id = await api.importVideos('bench', batchOf(urls));
  await wait(SETTLE_MS);
  const alone = [await rate(installation, id)];
  const followed: number[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    await process.open({
      url: `${api.baseUrl}/api/v1/imports/${id}/events`,
      token: api.token,
      count: READERS,
      after: await lastCursor(installation, id),
    });
    await wait(SETTLE_MS);
    followed.push(await rate(installation, id));
    const { following } = await process.close();
    if (following !== READERS) throw new Error(`Only ${following} of ${READERS} readers followed`);
    await wait(SETTLE_MS);
    alone.push(await rate(installation, id));
  }
  const { pending } = await look(installation, id);
  if (pending === 0) throw new Error(`${BATCH} videos are not enough for this machine`);
  await api.call('POST', `/api/v1/imports/${id}/cancel`);
  await api.finished(id);
  return { alone: mean(alone), followed: mean(followed) };
}

/** Finished items per second of a slice. */
async function rate(installation: BenchInstallation, id: string): Promise<number> {
  const before = await look(installation, id);
  await wait(SLICE_MS);
  const after = await look(installation, id);
  return (before.pending - after.pending) / (after.at - before.at);
}

async function look({ database }: BenchInstallation, id: string): Promise<{ pending: number; at: number }> {
  const { rows } = await database.query<{ pending: number; at: number }>(
    `SELECT total - success - skipped - failed AS pending, extract(epoch FROM clock_timestamp())::float8 AS at
     FROM imports WHERE id = $1`,
    [id],
  );
  return rows[0] ?? { pending: NaN, at: NaN };
}

async function lastCursor({ database }: BenchInstallation, id: string): Promise<string> {
  const { rows } = await database.query<{ last: string }>(
    'SELECT max(id) AS last FROM import_events WHERE import_id = $1',
    [id],
  );
  return eventCursor(Number(rows[0]?.last), new Date());
}
