import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiClient, NewVideo } from '../support/api.js';
import { startOrigin, type Origin } from '../support/origin.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { startReelport, type Reelport } from '../support/reelport.js';
import { expectRightCounters } from './counters.js';
import { entry, newMp4, newPartner, videosOf, type Partner } from './scene.js';

let origin: Origin;
let receiver: Receiver;
let reelport: Reelport;

beforeAll(async () => {
  [origin, receiver] = await Promise.all([startOrigin(), startReceiver()]);
  // API and worker run in separate processes, so every request has to be signalled to the other one.
  reelport = await startReelport({ WORKER_CONCURRENCY: '2', RETRY_SCHEDULE: '1h' }, ['main', 'worker']);
});

afterAll(async () => {
  await reelport?.remove();
  await receiver?.close();
  await origin?.close();
});

interface ActionAnswer {
  status: number;
  body: { id?: string; cancelled?: number; retried?: number; error_details?: object };
}

async function act(api: ApiClient, what: 'cancel' | 'retry', importId: string): Promise<ActionAnswer> {
  const { status, body } = await api.call<ActionAnswer['body']>(
    'POST',
    `/api/v1/imports/${importId}/${what}`,
  );
  return { status, body };
}

const HAS_ENDED = {
  status: 409,
  body: { status: 409, error: 'Conflict', error_details: { state: 'Import has already finished' } },
};
const STILL_RUNS = {
  status: 409,
  body: {
    status: 409,
    error: 'Conflict',
    error_details: { state: 'Import is still running; wait until it has finished, or cancel it' },
  },
};

/** A batch from a folder of the origin that no other test uses. */
function newBatch(count: number): { folder: string; paths: string[]; videos: NewVideo[] } {
  const folder = `/${randomUUID()}`;
  const paths = Array.from({ length: count }, (_, n) => `${folder}/${n}.mp4`);
  return { folder, paths, videos: paths.map((path, n) => entry(`v${n}`, origin.url(path))) };
}

interface ShownDelivery {
  id: string;
  state: string;
  nextAttemptAt: string | null;
  attempts: unknown[];
}

/** Deliveries of an import: one for each time that it finished. */
async function deliveriesOf({ api }: Partner, importId: string): Promise<ShownDelivery[]> {
  const { body } = await api.call<{ results: ShownDelivery[] }>(
    'GET',
    `/api/v1/webhooks/deliveries?importId=${importId}`,
  );
  return body.results;
}

async function webhooksOf(partner: Partner, importId: string): Promise<string[]> {
  return (await deliveriesOf(partner, importId)).map(({ id }) => id);
}

const failedOf = (importId: string, code: string): Promise<unknown[]> =>
  reelport.database.dataSource.query(
    `SELECT id FROM import_items WHERE import_id = $1 AND state = 'failed' AND code = $2`,
    [importId, code],
  );

describe('Cancelling an import', () => {
  it('aborts downloads in flight in another process and frees their slots', async () => {
    const partner = await newPartner(reelport);
    const { folder, paths, videos } = newBatch(4);
    origin.serve(`${folder}/*`, newMp4(), { hang: 'body' });
    const importId = await partner.api.importVideos('cancel', videos, { webhook: receiver.url(folder) });
    for (const path of paths.slice(0, 2)) await origin.waitForRequest(path);

    expect(await act(partner.api, 'cancel', importId)).toEqual({
      status: 200,
      body: { id: importId, cancelled: 4 },
    });

    const { state, overview } = await partner.api.finished(importId);
    expect({ state, overview }).toEqual({
      state: 'failed',
      overview: { total: 4, success: 0, skipped: 0, failed: 4 },
    });
    // The worker closed both connections.
    await expect.poll(() => origin.openConnections).toBe(0);
    const next = newBatch(1);
    origin.serve(`${next.folder}/*`, newMp4());
    const later = await partner.api.finished(await partner.api.importVideos('after', next.videos));
    expect(later.overview).toMatchObject({ success: 1 });
    expect(await videosOf(partner.api, 'cancel')).toEqual([]);
    const delivery = await receiver.waitForDelivery(({ path }) => path === folder);
    expect(receiver.verify(delivery, partner.project.webhookSecret)).toMatchObject({
      id: importId,
      overview,
    });
    await expectRightCounters(reelport, importId);
    expect(await act(partner.api, 'cancel', importId)).toEqual(HAS_ENDED);
  });

  it('discards the result of a worker that learns of it too late', async () => {
    const { api } = await newPartner(reelport);
    const { paths, videos } = newBatch(1);
    const [first = ''] = paths;
    origin.serve(first, newMp4(), { hang: 'body' });
    const importId = await api.importVideos('late', videos);
    await origin.waitForRequest(first);
    process.kill(reelport.pid('worker'), 'SIGSTOP');
    try {
      // All bytes are in the worker's socket when it resumes.
      origin.release(first);
      expect((await act(api, 'cancel', importId)).status).toBe(200);
    } finally {
      process.kill(reelport.pid('worker'), 'SIGCONT');
    }
    const next = newBatch(3);
    for (const path of next.paths) origin.serve(path, newMp4());
    await api.finished(await api.importVideos('after', next.videos));

    expect(await videosOf(api, 'late')).toEqual([]);
    expect((await api.finished(importId)).overview).toMatchObject({ success: 0, failed: 1 });
    await expectRightCounters(reelport, importId);
  });
});

describe('Cancelling while workers claim items', () => {
  it('locks items in the order of their ids, so that it cannot deadlock with a claim', async () => {
    const { api } = await newPartner(reelport);
    const { paths, videos } = newBatch(2);
    for (const path of paths) origin.script(path, [{ status: 500 }]);
    const importId = await api.importVideos('order', videos);
    const { dataSource } = reelport.database;
    const items = (where: string) =>
      dataSource.query<Array<{ id: string }>>(
        `SELECT id FROM import_items WHERE import_id = $1 AND ${where} ORDER BY id`,
        [importId],
      );
    await expect.poll(() => items(`state = 'pending' AND tries = 1`)).toHaveLength(2);
    const [first, second] = await items('true');
    // The second one is due first.
    await dataSource.query(`UPDATE import_items SET due_at = due_at - interval '30 minutes' WHERE id = $1`, [
      second.id,
    ]);

    let cancelled: Promise<ActionAnswer> | undefined;
    await dataSource.transaction(async (taker) => {
      const lock = (id: string) => taker.query('SELECT FROM import_items WHERE id = $1 FOR UPDATE', [id]);
      await lock(first.id);
      cancelled = act(api, 'cancel', importId);
      const waiting = `SELECT FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%import_items%'`;
      await expect.poll(() => dataSource.query(waiting)).toHaveLength(1);
      await lock(second.id);
    });

    expect(await cancelled).toEqual({ status: 200, body: { id: importId, cancelled: 2 } });
    await expectRightCounters(reelport, importId);
  });
});

describe('Retrying an import', () => {
  it('runs only the failed items again, and sends another webhook at the end', async () => {
    const partner = await newPartner(reelport);
    const { folder, paths, videos } = newBatch(4);
    const [good = '', gone = '', stillGone = '', last = ''] = paths;
    origin.serve(good, newMp4());
    origin.script(gone, [{ status: 404 }, { body: newMp4() }]);
    origin.script(stillGone, [{ status: 404 }]);
    origin.script(last, [{ status: 404 }, { body: newMp4() }]);
    const importId = await partner.api.importVideos('retry', videos, { webhook: receiver.url(folder) });
    const first = await partner.api.finished(importId);
    expect(first.overview).toEqual({ total: 4, success: 1, skipped: 0, failed: 3 });
    await receiver.waitForDelivery(({ path }) => path === folder);

    expect(await act(partner.api, 'retry', importId)).toEqual({
      status: 200,
      body: { id: importId, retried: 3 },
    });

    const second = await partner.api.finished(importId);
    expect(second.overview).toEqual({ total: 4, success: 3, skipped: 0, failed: 1 });
    expect(second.videos[0]).toEqual(first.videos[0]);
    expect(second.videos.map(({ state }) => state)).toEqual(['success', 'success', 'failed', 'success']);
    expect(paths.map((path) => origin.requestsTo(path).length)).toEqual([1, 2, 2, 2]);
    await receiver.waitForDelivery(({ path }) => path === folder, { count: 2 });
    const webhooks = receiver.deliveries.filter(({ path }) => path === folder);
    expect(webhooks.map((delivery) => receiver.verify(delivery, partner.project.webhookSecret))).toEqual([
      expect.objectContaining({ id: importId, overview: first.overview }),
      expect.objectContaining({ id: importId, overview: second.overview }),
    ]);
    expect(new Set(webhooks.map(({ headers }) => headers['webhook-id'])).size).toBe(2);
    await expectRightCounters(reelport, importId);
  });

  it('supersedes an undelivered webhook of the earlier end', async () => {
    const partner = await newPartner(reelport);
    const { folder, paths, videos } = newBatch(1);
    const [path = ''] = paths;
    origin.script(path, [{ status: 404 }, { body: newMp4() }]);
    const own = await startReceiver();
    own.answer(500, 204);
    const importId = await partner.api.importVideos('superseded', videos, { webhook: own.url(folder) });
    const first = await partner.api.finished(importId);
    await own.waitForDelivery(() => true);
    await expect.poll(async () => (await deliveriesOf(partner, importId))[0]?.attempts).toHaveLength(1);

    await act(partner.api, 'retry', importId);
    expect(await deliveriesOf(partner, importId)).toMatchObject([
      { state: 'superseded', nextAttemptAt: null },
    ]);
    const second = await partner.api.finished(importId);
    await own.waitForDelivery(() => true, { count: 2 });
    await expect
      .poll(async () => (await deliveriesOf(partner, importId)).map(({ state }) => state))
      .toEqual(['delivered', 'superseded']);
    expect(own.deliveries.map(({ body }) => body)).toMatchObject([
      { overview: first.overview },
      { overview: second.overview },
    ]);
    await own.close();
  });

  it('changes nothing if no item failed', async () => {
    const partner = await newPartner(reelport);
    const { folder, videos } = newBatch(1);
    origin.serve(`${folder}/*`, newMp4());
    const importId = await partner.api.importVideos('retry', videos, { webhook: receiver.url(folder) });
    await partner.api.finished(importId);
    const show = () => partner.api.call('GET', `/api/v1/imports/${importId}`);
    const { body: before } = await show();

    expect(await act(partner.api, 'retry', importId)).toEqual({
      status: 200,
      body: { id: importId, retried: 0 },
    });

    expect((await show()).body).toEqual(before);
    expect(await webhooksOf(partner, importId)).toHaveLength(1);
  });

  it('is refused while the import runs', async () => {
    const { api } = await newPartner(reelport);
    const { paths, videos } = newBatch(1);
    const [first = ''] = paths;
    origin.serve(first, newMp4(), { hang: 'body' });
    const importId = await api.importVideos('retry', videos);
    await origin.waitForRequest(first);
    expect(await act(api, 'retry', importId)).toEqual(STILL_RUNS);
    origin.release(first);
    expect((await api.finished(importId)).overview).toMatchObject({ success: 1 });
  });

  it('restarts cancelled items', async () => {
    const { api } = await newPartner(reelport);
    const { paths, videos } = newBatch(3);
    const [first = ''] = paths;
    for (const path of paths) origin.script(path, [{ body: newMp4(), hang: 'headers' }, { body: newMp4() }]);
    const importId = await api.importVideos('again', videos);
    await origin.waitForRequest(first);
    await act(api, 'cancel', importId);
    for (const path of paths) origin.script(path, [{ body: newMp4() }]);
    expect(await act(api, 'retry', importId)).toMatchObject({ body: { retried: 3 } });
    expect((await api.finished(importId)).overview).toMatchObject({ success: 3 });
    await expectRightCounters(reelport, importId);
  });
});

describe('Concurrent requests', () => {
  it('count each item once if both cancel', async () => {
    const partner = await newPartner(reelport);
    const { folder, paths, videos } = newBatch(200);
    const [first = ''] = paths;
    origin.serve(`${folder}/*`, newMp4(), { hang: 'headers' });
    const importId = await partner.api.importVideos('two', videos, { webhook: receiver.url(folder) });
    await origin.waitForRequest(first);
    const answers = await Promise.all(Array.from({ length: 4 }, () => act(partner.api, 'cancel', importId)));
    expect(answers.map(({ body }) => body.cancelled ?? 0).toSorted((a, b) => a - b)).toEqual([0, 0, 0, 200]);
    for (const answer of answers.filter(({ status }) => status !== 200)) expect(answer).toEqual(HAS_ENDED);
    expect(await webhooksOf(partner, importId)).toHaveLength(1);
    await expectRightCounters(reelport, importId);
  });

  it('start the import once if both retry', async () => {
    const partner = await newPartner(reelport);
    const { folder, paths, videos } = newBatch(20);
    for (const path of paths) origin.script(path, [{ status: 404 }, { body: newMp4(), hang: 'headers' }]);
    const importId = await partner.api.importVideos('two', videos, { webhook: receiver.url(folder) });
    await partner.api.finished(importId);
    const answers = await Promise.all(Array.from({ length: 4 }, () => act(partner.api, 'retry', importId)));
    expect(answers.filter(({ status }) => status === 200).map(({ body }) => body.retried)).toEqual([20]);
    for (const answer of answers.filter(({ status }) => status !== 200)) expect(answer).toEqual(STILL_RUNS);
    await act(partner.api, 'cancel', importId);
    expect(await webhooksOf(partner, importId)).toHaveLength(2);
    await expectRightCounters(reelport, importId);
  });

  it('finish an import once if the cancellation races with the last results', async () => {
    const partner = await newPartner(reelport);
    for (let round = 0; round < 12; round += 1) {
      const { folder, paths, videos } = newBatch(6);
      for (const path of paths) origin.serve(path, newMp4());
      const importId = await partner.api.importVideos('race', videos, { webhook: receiver.url(folder) });
      await origin.waitForRequest(paths[round % 6] ?? '');
      const { status, body } = await act(partner.api, 'cancel', importId);
      expect([200, 409]).toContain(status);
      const { overview } = await partner.api.finished(importId);
      expect(await failedOf(importId, 'CANCELLED')).toHaveLength(body.cancelled ?? 0);
      expect(overview.failed).toBe(body.cancelled ?? 0);
      expect(overview.success + overview.failed).toBe(6);
      expect(await webhooksOf(partner, importId)).toHaveLength(1);
      await expectRightCounters(reelport, importId);
    }
  });

  it('give every item one outcome and every end one webhook, in any order of retry and cancel', async () => {
    const partner = await newPartner(reelport);
    const { folder, paths, videos } = newBatch(40);
    paths.forEach((path, n) => origin.script(path, [n % 2 === 0 ? { status: 404 } : { body: newMp4() }]));
    const importId = await partner.api.importVideos('storm', videos, { webhook: receiver.url(folder) });
    let begun = 1;
    for (let round = 0; round < 8; round += 1) {
      const answers = await Promise.all(
        (['retry', 'cancel', 'retry', 'cancel'] as const).map((what) => act(partner.api, what, importId)),
      );
      for (const { status } of answers) expect([200, 409]).toContain(status);
      begun += answers.filter(({ body }) => (body.retried ?? 0) > 0).length;
    }
    const { overview } = await partner.api.finished(importId);
    expect(overview.success + overview.failed + overview.skipped).toBe(40);
    expect(await webhooksOf(partner, importId)).toHaveLength(begun);
    await expectRightCounters(reelport, importId);
  });
});
