import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../support/free-port.js';
import { startOrigin, type Origin } from '../support/origin.js';
import { startReelport, type Reelport } from '../support/reelport.js';
import { entry, newMp4, newPartner } from './scene.js';

let origin: Origin;
let reelport: Reelport;
let worker: string;

beforeAll(async () => {
  const port = await freePort();
  worker = `http://127.0.0.1:${port}`;
  origin = await startOrigin();
  reelport = await startReelport({ WORKER_PORT: String(port), SHUTDOWN_GRACE_MS: '10m' }, ['worker', 'main']);
});
afterAll(async () => {
  await reelport?.remove();
  await origin?.close();
});

/** Status of the answer; null if nothing listens. */
async function statusOf(path: string): Promise<number | null> {
  return fetch(worker + path).then(
    ({ status }) => status,
    () => null,
  );
}

it('reports liveness, readiness and metrics of the worker', async () => {
  await expect.poll(() => statusOf('/health/live')).toBe(200);
  const ready: unknown = await fetch(`${worker}/health/ready`).then((response) => response.json());
  expect(ready).toMatchObject({
    status: 'ok',
    details: { database: { status: 'up' }, redis: { reachable: true, writable: true } },
  });
  const metrics = (): Promise<string> => fetch(`${worker}/metrics`).then((response) => response.text());
  await expect.poll(metrics).toContain('reelport_workers 1');
  expect(await metrics()).toContain('process_resident_memory_bytes');
});

it('serves no route of the API', async () => {
  expect(await statusOf('/api/v1/imports')).toBe(404);
  expect(await statusOf('/docs')).toBe(404);
});

it('is alive but not ready while the worker drains', async () => {
  origin.script('/a.mp4', [{ body: newMp4(), hang: 'body' }]);
  const { api } = await newPartner(reelport);
  const id = await api.importVideos('draining', [entry('a', origin.url('/a.mp4'))]);
  await origin.waitForRequest('/a.mp4', { timeoutMs: 60_000 });
  process.kill(reelport.pid('worker'), 'SIGTERM');
  await expect.poll(() => statusOf('/health/ready')).toBe(503);
  expect(await statusOf('/health/live')).toBe(200);
  origin.release();
  await api.finished(id);
  await expect.poll(() => statusOf('/health/live')).toBeNull();
});
