import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { videoNamed } from './support/archive.js';
import { batchOf, webhookAt } from './support/chaos-installation.js';
import type { NodeProcess } from './support/node-process.js';
import type { PostedImport } from './support/posted.js';
import { openScene, type Scene } from './support/scene.js';
import { until } from '../support/until.js';

/** Longer than any test: a worker reaches its deadline only if the test wants it to. */
const LONG_GRACE = '10m';

/** Short enough to expire within the test, long enough for a machine that is busy with other tests. */
const LEASE_MS = 4_000;

/** Includes the start of a worker. */
const START_UP = { timeoutMs: 120_000 };

interface Lease {
  state: string;
  owner: string | null;
  until: number | null;
}

let scene: Scene;
beforeAll(async () => {
  scene = await openScene({ LEASE_MS: `${LEASE_MS}ms` });
});
afterAll(() => scene.close());
afterEach(async () => {
  for (const worker of scene.installation.workers) await worker.end('SIGTERM');
});

/** Posts an import of one video whose download hangs half-way until `origin.release()`. */
async function postHanging(name: string): Promise<PostedImport & { path: string }> {
  const { installation, origin, receiver } = scene;
  const path = `/${name}/video.mp4`;
  const body = videoNamed(path);
  scene.script(path, [{ body, hang: 'body' }], { body });
  const partner = await installation.newPartner();
  const posted = await installation.post(partner, name, batchOf([origin.url(path)]), {
    webhook: webhookAt(receiver),
  });
  return { ...posted, path };
}

async function leaseOf({ id }: PostedImport): Promise<Lease> {
  const [lease] = await scene.installation.query<Lease[]>(
    `SELECT state, lease_owner AS owner, (extract(epoch FROM lease_until) * 1000)::double precision AS until
     FROM import_items WHERE import_id = $1`,
    [id],
  );
  return lease;
}

/** Sends SIGTERM without waiting for the exit. */
function terminate(worker: NodeProcess): Promise<number | NodeJS.Signals> {
  return worker.end('SIGTERM');
}

describe('a draining worker', () => {
  it('renews the lease of a download in flight, so that no other worker downloads the video again', async () => {
    const { installation, origin } = scene;
    const draining = installation.startWorker({ SHUTDOWN_GRACE_MS: LONG_GRACE });
    const posted = await postHanging('outlasting');
    await origin.waitForRequest(posted.path, START_UP);
    const before = await until('the item to run', async () => {
      const lease = await leaseOf(posted);
      return lease.state === 'running' && lease;
    });
    const other = installation.startWorker();
    const ended = terminate(draining);
    // Several leases later: without renewals the other worker would own the item.
    await until('the lease to be renewed or reclaimed', async () => {
      const { until: now } = await leaseOf(posted);
      return now !== null && now > Number(before.until) + 2 * LEASE_MS;
    });
    expect(await leaseOf(posted)).toMatchObject({ state: 'running', owner: before.owner });
    origin.release(posted.path);
    expect(await ended).toBe(0);
    await installation.finished();
    expect(origin.requestsTo(posted.path)).toHaveLength(1);
    expect(other.isRunning).toBe(true);
    expect(await scene.audit()).toEqual([]);
  });
});

describe('SIGTERM while Redis is unavailable', () => {
  it('lets in-flight items finish within the grace period and records them', async () => {
    const { installation, origin } = scene;
    const worker = installation.startWorker({ SHUTDOWN_GRACE_MS: LONG_GRACE });
    const posted = await postHanging('without-redis');
    await origin.waitForRequest(posted.path, START_UP);
    await installation.services.killRedis();
    const ended = terminate(worker);
    origin.release(posted.path);
    expect(await ended).toBe(0);
    expect(await leaseOf(posted)).toMatchObject({ state: 'success', owner: null });
    expect(origin.requestsTo(posted.path)).toHaveLength(1);

    await installation.services.startRedis();
    installation.startWorker();
    expect(await scene.audit()).toEqual([]);
  });

  it('returns items that do not finish within the grace period', async () => {
    const { installation, origin } = scene;
    const worker = installation.startWorker({ SHUTDOWN_GRACE_MS: '100ms', LEASE_MS: '10m' });
    const posted = await postHanging('given-back');
    await origin.waitForRequest(posted.path, START_UP);
    await installation.services.killRedis();
    expect(await terminate(worker)).toBe(0);
    expect(await leaseOf(posted)).toMatchObject({ state: 'pending', owner: null, until: null });

    await installation.services.startRedis();
    installation.startWorker();
    expect(await scene.audit()).toEqual([]);
  });
});
