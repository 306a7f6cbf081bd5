import { afterAll, beforeAll, expect, it } from 'vitest';
import { ApiClient } from '../support/api.js';
import { entry, newMp4, newPartner, openScene, type Scene } from './scene.js';

/** The maximum of the variable: larger than any disk. */
const TOO_MUCH = '1024 TiB';

let scene: Scene;
let operator: ApiClient;

beforeAll(async () => {
  scene = await openScene({ MIN_FREE_BYTES: TOO_MUCH });
  const { reelport } = scene;
  const token = await reelport.createToken(await reelport.createProject(), ['public-api:admin']);
  operator = new ApiClient(reelport.url, token);
});
afterAll(() => scene.close());

/** Reasons for pending items, as reported by the public health check. */
async function waiting(): Promise<string[]> {
  const { status, body } = await operator.call<{ details: { backlog: { waiting: string[] } } }>(
    'GET',
    '/health/ready',
  );
  // The API accepts batches in any case.
  expect(status).toBe(200);
  return body.details.backlog.waiting;
}

async function metrics(): Promise<string> {
  return (await operator.call<string>('GET', '/metrics')).body;
}

/** Time of the worker's last heartbeat. */
async function lastSign(): Promise<string> {
  const [{ seen }] = await scene.reelport.database.dataSource.query<Array<{ seen: string }>>(
    'SELECT max(seen_at)::text AS seen FROM workers',
  );
  return seen;
}

it('starts no item while the disk has less than MIN_FREE_BYTES free, reports the reason, and resumes afterwards', async () => {
  const { reelport, origin } = scene;
  const { api } = await newPartner(reelport);
  origin.serve('/*', () => newMp4());
  await expect.poll(waiting).toContain('disk');
  const importId = await api.importVideos(
    'held',
    ['a', 'b', 'c'].map((id) => entry(id, origin.url(`/${id}.mp4`))),
  );
  const before = await lastSign();
  // The worker has dispatched several times since.
  await expect.poll(lastSign).not.toBe(before);
  expect(await waiting()).toEqual(['disk']);
  expect(await metrics()).toMatch(/^reelport_waiting\{reason="disk"\} 1$/m);
  expect(await metrics()).toMatch(/^reelport_items_unfinished 3$/m);
  expect(origin.requests).toEqual([]);
  const states = await reelport.database.dataSource.query<unknown[]>(
    'SELECT DISTINCT state, tries FROM import_items WHERE import_id = $1',
    [importId],
  );
  expect(states).toEqual([{ state: 'pending', tries: 0 }]);

  await reelport.stop();
  await reelport.start({ MIN_FREE_BYTES: '0' });
  expect(await api.finished(importId)).toMatchObject({ overview: { success: 3 } });
  await expect.poll(waiting).toEqual([]);
  expect(await metrics()).toMatch(/^reelport_waiting\{reason="disk"\} 0$/m);
});
