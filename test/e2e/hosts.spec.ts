import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../support/api.js';
import { freePort } from '../support/free-port.js';
import { startOrigin } from '../support/origin.js';
import { entry, newMp4, newPartner, openScene, type Scene } from './scene.js';

const ORIGIN_IS_BACK = { timeout: 30_000 };

let scene: Scene;

beforeAll(async () => {
  scene = await openScene({
    RETRY_SCHEDULE: '10ms,10ms',
    HOST_RETRY_SCHEDULE: '100ms',
    HOST_PATIENCE_MS: '1h',
  });
});
afterAll(() => scene.close());

interface HostRow {
  failures: number;
  asked: boolean;
}

async function hostRow(host: string): Promise<HostRow | undefined> {
  const [row] = await scene.reelport.database.dataSource.query<HostRow[]>(
    'SELECT failures, asked_until > now() AS asked FROM origin_hosts WHERE host = $1',
    [host],
  );
  return row;
}

interface Health {
  details: { backlog: { waiting: string[] } };
}

/** Reasons for pending items: the names from the public health check, and the metrics. */
async function waiting(): Promise<{ names: string[]; metrics: string }> {
  const health: Health = JSON.parse(await (await fetch(`${scene.reelport.url}/health/ready`)).text());
  const project = await scene.reelport.createProject();
  const admin = new ApiClient(
    scene.reelport.url,
    await scene.reelport.createToken(project, ['public-api:admin']),
  );
  const answer = await admin.call<string>('GET', '/metrics');
  return { names: health.details.backlog.waiting, metrics: answer.body };
}

describe('a host that sends Retry-After', () => {
  it('receives no request before that time, for any of its items', async () => {
    const origin = await startOrigin({ host: '127.0.0.5' });
    const { api } = await newPartner(scene.reelport);
    const ids = Array.from({ length: 6 }, (_, n) => `v${n}`);
    const paths = ids.map((id) => `/${randomUUID()}/${id}.mp4`);
    for (const path of paths) origin.script(path, [{ retryAfter: 2 }, { body: newMp4() }]);
    const importId = await api.importVideos(
      'asked',
      ids.map((id, n) => entry(id, origin.url(paths[n]))),
    );
    await expect.poll(async () => (await hostRow(`127.0.0.5:${origin.port}`))?.asked).toBe(true);
    // Both may be a second old.
    await expect.poll(waiting).toEqual({
      names: expect.arrayContaining(['host_asked']),
      metrics: expect.stringMatching(/^reelport_waiting\{reason="host_asked"\} 1$/m),
    });

    expect(await api.finished(importId)).toMatchObject({ overview: { success: 6 } });
    // Every request was sent either in the first moments or after the requested delay.
    const [{ at: first }] = origin.requests;
    const early = origin.requests.filter(({ at }) => at - first < 1_900);
    expect(early.every(({ status }) => status === 503)).toBe(true);
    expect(early.length).toBeLessThanOrEqual(4);
    await origin.close();
  });
});

describe('the name of a host', () => {
  it('is the same for all spellings of its URL', async () => {
    const origin = await startOrigin({ host: '127.0.0.1' });
    origin.serve('/*', () => newMp4());
    const { api } = await newPartner(scene.reelport);
    const { port } = origin;
    const bases = [`http://127.0.0.1:${port}`, `HTTP://0x7f.1.:${port}`, `http://[::ffff:7f00:1]:${port}`];
    const importId = await api.importVideos(
      'spelled',
      bases.map((base, n) => entry(`v${n}`, `${base}/${randomUUID()}.mp4`)),
    );
    await api.finished(importId);
    const hosts = await scene.reelport.database.dataSource.query<unknown[]>(
      'SELECT DISTINCT origin_host AS host FROM import_items WHERE import_id = $1',
      [importId],
    );
    expect(hosts).toEqual([{ host: `127.0.0.1:${port}` }]);
    await origin.close();
  });
});

describe('a host that is down', () => {
  it('costs no attempts: its items resume when it is back', async () => {
    const port = await freePort();
    const host = `127.0.0.6:${port}`;
    const { api } = await newPartner(scene.reelport);
    const ids = Array.from({ length: 6 }, (_, n) => `v${n}`);
    const importId = await api.importVideos(
      'down',
      ids.map((id) => entry(id, `http://${host}/${id}.mp4`)),
    );
    // More rounds than an item has attempts.
    await expect.poll(async () => (await hostRow(host))?.failures, ORIGIN_IS_BACK).toBeGreaterThan(8);
    await expect.poll(waiting).toEqual({
      names: expect.arrayContaining(['host_failing']),
      metrics: expect.stringMatching(/^reelport_items_unfinished 6$/m),
    });
    const items = await scene.reelport.database.dataSource.query<Array<{ tries: number; code: string }>>(
      'SELECT tries, code FROM import_items WHERE import_id = $1 AND code IS NOT NULL',
      [importId],
    );
    expect(items.map(({ code }) => code)).toEqual(items.map(() => 'CONNECTION_FAILED'));
    expect(Math.max(...items.map(({ tries }) => tries))).toBeLessThanOrEqual(1);

    const origin = await startOrigin({ host: '127.0.0.6', port });
    origin.serve('/*', () => newMp4());
    expect(await api.finished(importId)).toMatchObject({ overview: { success: 6 } });
    await origin.close();
  });

  it('fails its items after HOST_PATIENCE_MS', async () => {
    const impatient = await openScene({ HOST_RETRY_SCHEDULE: '50ms', HOST_PATIENCE_MS: '1500' });
    const { api } = await newPartner(impatient.reelport);
    const port = await freePort();
    const importId = await api.importVideos(
      'gone',
      ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => entry(id, `http://127.0.0.7:${port}/${id}.mp4`)),
    );
    const { state, videos } = await api.finished(importId);
    expect(state).toBe('failed');
    expect(videos.map(({ code, retryable }) => [code, retryable])).toEqual(
      videos.map(() => ['CONNECTION_FAILED', true]),
    );
    expect(videos[0].reason).toBe('The host was unreachable for too long');
    await impatient.close();
  });
});
