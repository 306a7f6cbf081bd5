import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startOrigin, type Origin } from '../support/origin.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { startReelport, type Reelport } from '../support/reelport.js';
import { countersOf, expectRightCounters } from './counters.js';
import { entry, newMp4, newPartner, videosOf } from './scene.js';

let origin: Origin;
let receiver: Receiver;
let reelport: Reelport;

beforeAll(async () => {
  [origin, receiver] = await Promise.all([startOrigin(), startReceiver()]);
});

afterEach(() => reelport?.remove());

afterAll(async () => {
  await receiver.close();
  await origin.close();
});

interface ItemRow {
  state: string;
  tries: number;
}

function itemsOf(importId: string): Promise<ItemRow[]> {
  return reelport.database.dataSource.query(
    'SELECT state, tries FROM import_items WHERE import_id = $1 ORDER BY position',
    [importId],
  );
}

/** An import in progress: two items have succeeded, two are in flight, four are queued. */
async function importInProgress() {
  const folder = `/${randomUUID()}`;
  const ids = Array.from({ length: 8 }, (_, n) => `v${n}`);
  for (const [n, id] of ids.entries()) {
    const body = newMp4();
    const hanging = n === 2 || n === 3;
    origin.script(`${folder}/${id}.mp4`, hanging ? [{ body, hang: 'body' }, { body }] : [{ body }]);
  }
  const { api, project } = await newPartner(reelport);
  const importId = await api.importVideos(
    'restart',
    ids.map((id) => entry(id, origin.url(`${folder}/${id}.mp4`))),
    { webhook: receiver.url(folder) },
  );
  await origin.waitForRequest(`${folder}/v2.mp4`);
  await origin.waitForRequest(`${folder}/v3.mp4`);
  const done = () => itemsOf(importId).then((items) => items.map(({ state }) => state));
  await expect.poll(done).toEqual(['success', 'success', 'running', 'running', ...fourQueued]);
  return { api, project, importId, folder, ids };
}

const fourQueued = ['queued', 'queued', 'queued', 'queued'];

type InProgress = Awaited<ReturnType<typeof importInProgress>>;

async function expectAllAccountedFor({ api, project, importId, folder, ids }: InProgress): Promise<void> {
  const { state, overview, videos } = await api.finished(importId);
  expect(state).toBe('success');
  expect(overview).toEqual({ total: 8, success: 8, skipped: 0, failed: 0 });
  expect(videos.map(({ externalId }) => externalId)).toEqual(ids);
  expect(new Set(videos.map(({ video }) => video?.['mediaId'])).size).toBe(8);
  expect(await videosOf(api, 'restart')).toHaveLength(8);
  await expectRightCounters(reelport, importId);

  const delivery = await receiver.waitForDelivery(({ path }) => path === folder);
  expect(receiver.verify(delivery, project.webhookSecret)).toMatchObject({ id: importId, overview });
  // A duplicate would have arrived before the webhook of a later import.
  const later = `${folder}/later`;
  await api.importVideos('restart', [entry('later', origin.url(`${folder}/v0.mp4`))], {
    webhook: receiver.url(later),
  });
  await receiver.waitForDelivery(({ path }) => path === later);
  expect(receiver.deliveries.filter(({ path }) => path === folder)).toHaveLength(1);
}

const TWO_AT_ONCE = { WORKER_CONCURRENCY: '2' };

describe('SIGTERM in the middle of an import', () => {
  it('returns items that do not finish within the grace period, and the next start finishes them', async () => {
    reelport = await startReelport({ ...TWO_AT_ONCE, SHUTDOWN_GRACE_MS: '100' });
    const running = await importInProgress();

    expect(await reelport.stop('SIGTERM')).toBe(0);

    const left = await itemsOf(running.importId);
    expect(left.map(({ state }) => state)).toEqual([
      'success',
      'success',
      'pending',
      'pending',
      ...fourQueued,
    ]);
    expect((await countersOf(reelport, running.importId)).kept).toMatchObject({ success: 2 });
    await reelport.start();
    await expectAllAccountedFor(running);
    expect((await itemsOf(running.importId)).map(({ tries }) => tries)).toEqual(running.ids.map(() => 1));
  });

  it('lets in-flight items finish within the grace period', async () => {
    reelport = await startReelport({ ...TWO_AT_ONCE, SHUTDOWN_GRACE_MS: '60s' });
    const running = await importInProgress();

    const stopped = reelport.stop('SIGTERM');
    origin.release(`${running.folder}/v2.mp4`);
    origin.release(`${running.folder}/v3.mp4`);
    expect(await stopped).toBe(0);

    const states = (await itemsOf(running.importId)).map(({ state }) => state);
    expect(states.slice(0, 4)).toEqual(['success', 'success', 'success', 'success']);
    expect(states).not.toContain('running');
    await reelport.start();
    await expectAllAccountedFor(running);
    for (const id of running.ids) {
      // The later import requests the first one again.
      const once = id === 'v0' ? 2 : 1;
      expect(origin.requestsTo(`${running.folder}/${id}.mp4`)).toHaveLength(once);
    }
  });
});

describe('SIGKILL in the middle of an import', () => {
  it('loses nothing: the next start finishes it', async () => {
    reelport = await startReelport({ ...TWO_AT_ONCE, LEASE_MS: '1000' });
    const running = await importInProgress();

    expect(await reelport.stop('SIGKILL')).toBe('SIGKILL');

    await reelport.start();
    await expectAllAccountedFor(running);
  });
});
