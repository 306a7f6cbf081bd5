import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { videoNamed } from './support/archive.js';
import { sized } from './support/form.js';
import { batchOf, webhookAt } from './support/chaos-installation.js';
import type { NodeProcess } from './support/node-process.js';
import type { PostedImport } from './support/posted.js';
import { openScene, urlsBelow, type Scene } from './support/scene.js';
import { until } from '../support/until.js';

const ROUNDS = sized(4, 1);
const LARGE_BYTES = 2 * 1024 * 1024;

let scene: Scene;
beforeAll(async () => {
  scene = await openScene({ LEASE_MS: '1s', WORKER_CONCURRENCY: '4' });
});
afterAll(() => scene.close());

it(`discards the outcomes of a worker that was suspended past its leases, ${ROUNDS} times`, async () => {
  const { installation, origin, receiver } = scene;
  const partner = await installation.newPartner();
  let suspended = installation.startWorker();
  for (let round = 0; round < ROUNDS; round += 1) {
    const folder = `/${randomUUID()}`;
    const urls = urlsBelow(origin, folder, 8);
    // Two small and two large downloads hang half-way.
    for (const n of [0, 1, 2, 3]) {
      const path = `${folder}/${n}.mp4`;
      const body = videoNamed(path, n < 2 ? 0 : LARGE_BYTES);
      scene.script(path, [{ body, hang: 'body' }], { body });
    }
    const posted = await installation.post(partner, 'suspended', batchOf(urls), {
      webhook: webhookAt(receiver),
    });
    const owners = await until('the first worker to have four items in flight', async () => {
      const rows = await installation.query<Array<{ owner: string }>>(
        `SELECT lease_owner AS owner FROM import_items WHERE import_id = $1 AND state = 'running' AND position < 4`,
        [posted.id],
      );
      return rows.length === 4 && rows.map(({ owner }) => owner);
    });
    expect(new Set(owners).size).toBe(1);
    for (const n of [0, 1, 2, 3]) await origin.waitForRequest(`${folder}/${n}.mp4`);

    suspended.suspend();
    const successor = installation.startWorker();
    await installation.finished(posted);
    // The in-flight items of the suspended worker finish now, long after their leases expired.
    origin.release();
    suspended.resume();
    await successor.end('SIGTERM');

    // The worker is active again: it has reported all earlier outcomes.
    const next = await installation.post(
      partner,
      'resumed',
      batchOf(urlsBelow(origin, `${folder}/next`, 3)),
      {
        webhook: webhookAt(receiver),
      },
    );
    await installation.finished(next);
    const claims = await installation.query<Array<{ claim: number; tries: number }>>(
      'SELECT claim, tries FROM import_items WHERE import_id = $1 AND position < 4',
      [posted.id],
    );
    expect(claims.map(({ claim }) => claim >= 2)).toEqual([true, true, true, true]);
    expect(claims.map(({ tries }) => tries)).toEqual([1, 1, 1, 1]);
    suspended = installation.workers.filter(({ isRunning }) => isRunning)[0]!;
  }
  expect(await scene.audit()).toEqual([]);
});

/** Locks the rows of an import, so that a worker waits for them within its transaction. */
async function lockItems(posted: PostedImport, folder: string): Promise<Client> {
  const blocker = new Client(scene.installation.services.databaseUrl);
  await blocker.connect();
  await blocker.query('BEGIN');
  await blocker.query('SELECT FROM import_items WHERE import_id = $1 FOR UPDATE', [posted.id]);
  scene.origin.release(`${folder}/0.mp4`);
  await until('a worker to wait for the rows of its items', async () => {
    const rows = await scene.installation.query<unknown[]>(
      `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%FOR UPDATE OF item%'`,
    );
    return rows.length > 0;
  });
  return blocker;
}

async function postHanging(): Promise<{ posted: PostedImport; folder: string }> {
  const { installation, origin, receiver } = scene;
  const folder = `/${randomUUID()}`;
  const path = `${folder}/0.mp4`;
  const body = videoNamed(path);
  scene.script(path, [{ body, hang: 'body' }], { body });
  const posted = await installation.post(
    await installation.newPartner(),
    'recording',
    batchOf(urlsBelow(origin, folder, 1)),
    { webhook: webhookAt(receiver) },
  );
  await origin.waitForRequest(path, { timeoutMs: 60_000 });
  return { posted, folder };
}

describe('a worker that is about to record outcomes', () => {
  let worker: NodeProcess;

  /** Leaves one worker running, which will claim the item. */
  beforeEach(async () => {
    const [first, ...others] = scene.installation.workers.filter(({ isRunning }) => isRunning);
    worker = first ?? scene.installation.startWorker();
    await Promise.all(others.map((other) => other.end('SIGTERM')));
  });

  it('delays no other worker if it is suspended with locked rows', async () => {
    const { installation } = scene;
    const { posted, folder } = await postHanging();
    const blocker = await lockItems(posted, folder);
    worker.suspend();
    // The suspended worker gets the row locks now.
    await blocker.query('ROLLBACK');
    await blocker.end();
    installation.startWorker();
    await installation.finished(posted);
    worker.resume();
    expect(await scene.audit()).toEqual([]);
  });

  it('cannot record an outcome after its lease was reclaimed', async () => {
    const { installation } = scene;
    const { posted, folder } = await postHanging();
    const blocker = await lockItems(posted, folder);
    // Like the reconciler of another worker.
    await blocker.query(
      `UPDATE import_items SET state = 'pending', lease_owner = NULL, lease_until = NULL, lost = lost + 1 WHERE import_id = $1`,
      [posted.id],
    );
    await blocker.query('COMMIT');
    await blocker.end();
    expect(await scene.audit()).toEqual([]);
    const items = await installation.query('SELECT claim, tries FROM import_items WHERE import_id = $1', [
      posted.id,
    ]);
    expect(items).toEqual([{ claim: 2, tries: 1 }]);
  });
});
