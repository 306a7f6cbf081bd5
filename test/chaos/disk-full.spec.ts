import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { videoNamed } from './support/archive.js';
import { batchOf, webhookAt } from './support/chaos-installation.js';
import { openScene, urlsBelow, type Scene } from './support/scene.js';
import { SmallDisk } from './support/small-disk.js';
import { until } from '../support/until.js';

const MIB = 1024 * 1024;
const ITEMS = 6;

let disk: SmallDisk;
let scene: Scene;
beforeAll(async () => {
  // Room for all videos of this file, which stay stored.
  disk = await SmallDisk.mount(96 * MIB);
  scene = await openScene({ DATA_DIR: disk.folder }, (path) => videoNamed(path, 3 * MIB));
});
afterAll(async () => {
  await scene?.close();
  await disk?.unmount();
});
afterEach(async () => {
  await disk.makeRoom();
  for (const worker of scene.installation.workers) await worker.end('SIGTERM');
});

it('starts no item below MIN_FREE_BYTES, and resumes above it', async () => {
  await disk.fillBut(2 * MIB);
  const { installation, origin, receiver } = scene;
  installation.startWorker({ MIN_FREE_BYTES: '4 MiB' });
  const held = () =>
    installation.query<Array<{ seen: string }>>(
      `SELECT seen_at::text AS seen FROM workers WHERE held_by = 'disk'`,
    );
  const [before] = await until('the worker to report a full disk', async () => {
    const rows = await held();
    return rows.length > 0 && rows;
  });
  const posted = await installation.post(
    await installation.newPartner(),
    'held',
    batchOf(urlsBelow(origin, '/held', ITEMS)),
    { webhook: webhookAt(receiver) },
  );
  // The worker has dispatched several times since.
  await until('the worker to report it again', async () => (await held())[0]?.seen !== before.seen);
  expect(origin.requests.filter(({ path }) => path.startsWith('/held/'))).toEqual([]);
  const states = await installation.query('SELECT DISTINCT state FROM import_items WHERE import_id = $1', [
    posted.id,
  ]);
  expect(states).toEqual([{ state: 'pending' }]);

  await disk.makeRoom();
  expect(await scene.audit()).toEqual([]);
  expect(await successesOf(posted.id)).toBe(ITEMS);
});

it('takes jobs again after the disk was full while Redis was unavailable', async () => {
  const { installation, origin, receiver } = scene;
  const worker = installation.startWorker({ MIN_FREE_BYTES: '4 MiB' });
  const partner = await installation.newPartner();
  const warmUp = batchOf(urlsBelow(origin, '/warm-up', 1));
  await installation.finished(await installation.post(partner, 'warm-up', warmUp));
  await installation.services.killRedis();
  await disk.fillBut(2 * MIB);
  await until('the worker to report a full disk', async () => {
    const rows = await installation.query<unknown[]>(`SELECT FROM workers WHERE held_by = 'disk'`);
    return rows.length > 0;
  });
  await disk.makeRoom();
  await installation.services.startRedis();
  const posted = await installation.post(partner, 'both', batchOf(urlsBelow(origin, '/both', ITEMS)), {
    webhook: webhookAt(receiver),
  });
  expect(await scene.audit()).toEqual([]);
  expect(await successesOf(posted.id)).toBe(ITEMS);
  expect(worker.isRunning).toBe(true);
});

it('fails no item permanently if the disk fills up during an import, and leaves nothing behind', async () => {
  const { installation, origin, receiver } = scene;
  // Enough attempts for every item to wait until the last one has found the disk full.
  installation.startWorker({ RETRY_SCHEDULE: Array.from({ length: 200 }, () => '1s').join(',') });
  await disk.fillBut(2 * MIB);
  const posted = await installation.post(
    await installation.newPartner(),
    'full',
    batchOf(urlsBelow(origin, '/full', ITEMS)),
    { webhook: webhookAt(receiver) },
  );
  await until(
    'every item to fail on the full disk',
    async () => {
      const rows = await installation.query<unknown[]>(
        `SELECT FROM import_items WHERE code = 'STORAGE_FAILED' AND tries > 0`,
      );
      return rows.length === ITEMS;
    },
    { explain: () => installation.describe() },
  );
  await disk.makeRoom();
  expect(await scene.audit()).toEqual([]);
  expect(await successesOf(posted.id)).toBe(ITEMS);
});

async function successesOf(importId: string): Promise<number> {
  const [row] = await scene.installation.query<Array<{ success: number }>>(
    'SELECT success FROM imports WHERE id = $1',
    [importId],
  );
  return row.success;
}
