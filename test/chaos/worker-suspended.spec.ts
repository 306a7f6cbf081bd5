import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { videoNamed } from './support/archive.js';
import { sized } from './support/form.js';
import { batchOf, webhookAt } from './support/installation.js';
import type { NodeProcess } from './support/node-process.js';
import type { PostedImport } from './support/posted.js';
import { openScene, urlsBelow, type Scene } from './support/scene.js';
import { until } from './support/until.js';

const ROUNDS = sized(4, 1);
const LARGE_BYTES = 2 * 1024 * 1024;

let scene: Scene;
beforeAll(async () => {
  scene = await openScene({ LEASE_MS: '1s', WORKER_CONCURRENCY: '4' });
});
afterAll(() => scene.close());

it(`voids what a worker brings that was suspended past its leases, ${ROUNDS} times`, async () => {
  const { installation, origin, receiver } = scene;
  const partner = await installation.newPartner();
  let sleeper = installation.startWorker();
  for (let round = 0; round < ROUNDS; round += 1) {
    const folder = `/${randomUUID()}`;
    const urls = urlsBelow(origin, folder, 8);
    // Two small ones and two large ones are caught in the middle of their bodies.
    for (const n of [0, 1, 2, 3]) {
      const path = `${folder}/${n}.mp4`;
      const body = videoNamed(path, n < 2 ? 0 : LARGE_BYTES);
      scene.script(path, [{ body, hang: 'body' }], { body });
    }
    const posted = await installation.post(partner, 'suspended', batchOf(urls), {
      webhook: webhookAt(receiver),
    });
    const owners = await until('the first worker to have its hands full', async () => {
      const rows = await installation.query<Array<{ owner: string }>>(
        `SELECT lease_owner AS owner FROM import_items WHERE import_id = $1 AND state = 'running' AND position < 4`,
        [posted.id],
      );
      return rows.length === 4 && rows.map(({ owner }) => owner);
    });
    expect(new Set(owners).size).toBe(1);
    for (const n of [0, 1, 2, 3]) await origin.waitForRequest(`${folder}/${n}.mp4`);

    sleeper.suspend();
    const successor = installation.startWorker();
    await installation.finished(posted);
    // What the sleeper had under way comes to its end now, much too late.
    origin.release();
    sleeper.resume();
    await successor.end('SIGTERM');

    // It is awake and works: whatever it had to say of the others has been said.
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
    sleeper = installation.workers.filter(({ isRunning }) => isRunning)[0]!;
  }
  expect(await scene.audit()).toEqual([]);
});

/** A transaction that holds the rows of an import, so that a worker waits for them in the middle of its own. */
async function holdBack(posted: PostedImport, folder: string): Promise<Client> {
  const holder = new Client(scene.installation.services.databaseUrl);
  await holder.connect();
  await holder.query('BEGIN');
  await holder.query('SELECT FROM import_items WHERE import_id = $1 FOR UPDATE', [posted.id]);
  scene.origin.release(`${folder}/0.mp4`);
  await until('a worker to wait for the rows of its items', async () => {
    const rows = await scene.installation.query<unknown[]>(
      `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%FOR UPDATE OF item%'`,
    );
    return rows.length > 0;
  });
  return holder;
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

describe('a worker that is about to record its results', () => {
  let worker: NodeProcess;

  /** Whoever takes the item is the one that is meant. */
  beforeEach(async () => {
    const [first, ...others] = scene.installation.workers.filter(({ isRunning }) => isRunning);
    worker = first ?? scene.installation.startWorker();
    await Promise.all(others.map((other) => other.end('SIGTERM')));
  });

  it('holds nobody up where it is suspended with the rows locked', async () => {
    const { installation } = scene;
    const { posted, folder } = await postHanging();
    const holder = await holdBack(posted, folder);
    worker.suspend();
    // The rows are the sleeper's now, who does nothing with them.
    await holder.query('ROLLBACK');
    await holder.end();
    installation.startWorker();
    await installation.finished(posted);
    worker.resume();
    expect(await scene.audit()).toEqual([]);
  });

  it('has no say where its lease has run out meanwhile', async () => {
    const { installation } = scene;
    const { posted, folder } = await postHanging();
    const holder = await holdBack(posted, folder);
    // What the reconciler of another worker does.
    await holder.query(
      `UPDATE import_items SET state = 'pending', lease_owner = NULL, lease_until = NULL, lost = lost + 1 WHERE import_id = $1`,
      [posted.id],
    );
    await holder.query('COMMIT');
    await holder.end();
    expect(await scene.audit()).toEqual([]);
    const items = await installation.query('SELECT claim, tries FROM import_items WHERE import_id = $1', [
      posted.id,
    ]);
    expect(items).toEqual([{ claim: 2, tries: 1 }]);
  });
});
