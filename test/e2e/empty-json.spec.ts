import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Scope } from '../../src/auth/scopes.js';
import { ApiClient } from '../support/api.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { entry, openScene, type Scene } from './scene.js';

const ALL: readonly Scope[] = ['public-api:read', 'public-api:write', 'public-api:admin'];

let scene: Scene;
let receiver: Receiver;
let api: ApiClient;

beforeAll(async () => {
  [scene, receiver] = await Promise.all([openScene({ RETRY_SCHEDULE: '1h' }), startReceiver()]);
  const project = await scene.reelport.createProject();
  api = new ApiClient(scene.reelport.url, await scene.reelport.createToken(project, ALL));
  scene.origin.script('/gone.mp4', [{ status: 404 }]);
  scene.origin.serve('/ill.mp4', Buffer.of(), { status: 500 });
});
afterAll(async () => {
  await scene?.close();
  await receiver?.close();
});

/** An import of one video that does not exist. @returns its id, after its end */
async function failedImport(): Promise<string> {
  const videos = [entry('gone', scene.origin.url('/gone.mp4'))];
  const id = await api.importVideos('gone', videos, { webhook: receiver.url() });
  await api.finished(id);
  return id;
}

const runningImport = (): Promise<string> =>
  api.importVideos('ill', [entry('ill', scene.origin.url('/ill.mp4'))]);

async function delivery(): Promise<string> {
  const importId = await failedImport();
  await receiver.waitForDelivery(({ raw }) => raw.includes(importId));
  const path = `/api/v1/webhooks/deliveries?importId=${importId}`;
  const listed = () =>
    api.call<{ results: Array<{ id: string; state: string }> }>('GET', path).then(({ body }) => body.results);
  await expect.poll(listed).toMatchObject([{ state: 'delivered' }]);
  const [{ id } = { id: '' }] = await listed();
  return id;
}

async function token(): Promise<string> {
  const { body } = await api.call<{ id: string }>('POST', '/api/v1/auth/tokens', {
    body: { name: 'spare', scopes: ['public-api:read'] },
  });
  return body.id;
}

describe('an empty body of type application/json is accepted by', () => {
  it.each<[string, string, string, number, () => Promise<string>]>([
    ['POST', '/api/v1/imports/', '/retry', 200, failedImport],
    ['POST', '/api/v1/imports/', '/cancel', 200, runningImport],
    ['POST', '/api/v1/webhooks/deliveries/', '/redeliver', 200, delivery],
    ['POST', '/api/v1/auth/tokens/', '/rotate', 200, token],
    ['DELETE', '/api/v1/auth/tokens/', '', 204, token],
  ])('%s %s…%s', async (method, before, after, status, make) => {
    const headers = { 'content-type': 'application/json' };
    expect(await api.call(method, before + (await make()) + after, { headers })).toMatchObject({ status });
  });
});
