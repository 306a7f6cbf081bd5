import { afterAll, beforeAll, expect, it } from 'vitest';
import type { NewVideo } from '../support/api.js';
import { saySilence, startRawOrigin, type RawOrigin } from '../support/raw-origin.js';
import { startOrigin, type Origin } from '../support/origin.js';
import { startReelport, type Reelport } from '../support/reelport.js';
import { entry, newMp4, newPartner } from './scene.js';

const SILENT_ITEMS = 6;
/** More items than are claimed before the silent host could occupy every slot. */
const ITEMS_PER_HOST = 2 * SILENT_ITEMS;

let reelport: Reelport;
let silent: RawOrigin;
let others: Origin[];

beforeAll(async () => {
  const paths = ['import', 'plan'].flatMap((run) =>
    Array.from({ length: SILENT_ITEMS }, (_, n) => pathOf(run, n)),
  );
  silent = await startRawOrigin(Object.fromEntries(paths.map((path) => [path, saySilence])));
  others = await Promise.all(['127.0.0.8', '127.0.0.9'].map((host) => startOrigin({ host })));
  for (const other of others) other.serve('/*', () => newMp4());
  reelport = await startReelport({
    // Longer than any test: an item that finishes earlier did not wait for the silent host.
    OUTBOUND_HEADERS_MS: '1h',
    // As many slots as the silent host has items: it must not occupy all of them.
    WORKER_CONCURRENCY: String(SILENT_ITEMS),
    RETRY_SCHEDULE: '10ms',
    HOST_RETRY_SCHEDULE: '10ms',
    SHUTDOWN_GRACE_MS: '0',
  });
});
afterAll(async () => {
  await reelport?.remove();
  await Promise.all([silent, ...(others ?? [])].map((origin) => origin?.close()));
});

/** Of its own for each run, so that their requests can be told apart. */
function pathOf(run: string, n: number): string {
  return `/${run}-${n}.mp4`;
}

it('a host that accepts connections and never answers delays no other host, and its items fail with TIMED_OUT', async () => {
  const { api } = await newPartner(reelport);
  const batchOf = (run: string): NewVideo[] => [
    ...Array.from({ length: SILENT_ITEMS }, (_, n) => entry(`silent-${n}`, silent.url(pathOf(run, n)))),
    ...others.flatMap((other, host) =>
      Array.from({ length: ITEMS_PER_HOST }, (_, n) => entry(`${host}-${n}`, other.url(`/${n}.mp4`))),
    ),
  ];
  const importId = await api.importVideos('silent', batchOf('import'));
  const { body: plan } = await api.call<{ id: string }>('POST', '/api/v1/import/videos?mode=plan', {
    body: { systemName: 'silent', videos: batchOf('plan') },
  });
  const progressOf = async (id: string): Promise<unknown> => (await api.status(id)).body['progress'];
  const ended = others.length * ITEMS_PER_HOST;
  await expect
    .poll(() => progressOf(importId))
    .toMatchObject({ success: ended, failed: 0, pending: SILENT_ITEMS });
  await expect.poll(() => progressOf(plan.id)).toMatchObject({ planned: ended, pending: SILENT_ITEMS });
  expect(silent.requestsTo(pathOf('import', 0))).toBe(1);

  await reelport.stop();
  await reelport.start({ OUTBOUND_HEADERS_MS: '200ms' });
  await api.finished(plan.id);
  const predicted = await api.call<{ results: Array<{ prediction: object }> }>(
    'GET',
    `/api/v1/imports/${plan.id}/items?predicted=fail`,
  );
  expect(predicted.body.results.map(({ prediction }) => prediction)).toEqual(
    Array.from({ length: SILENT_ITEMS }, () => expect.objectContaining({ code: 'TIMED_OUT' })),
  );
  const { videos, overview } = await api.finished(importId);
  expect(overview).toMatchObject({ success: others.length * ITEMS_PER_HOST, failed: SILENT_ITEMS });
  const ends = videos
    .slice(0, SILENT_ITEMS)
    .map(({ state, code, retryable }) => ({ state, code, retryable }));
  expect(ends).toEqual(ends.map(() => ({ state: 'failed', code: 'TIMED_OUT', retryable: true })));
});
