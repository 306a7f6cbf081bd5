import Bull from 'bull';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sized } from './support/form.js';
import { batchOf, webhookAt } from './support/chaos-installation.js';
import { openScene, urlsBelow, type Scene } from './support/scene.js';
import { until } from '../support/until.js';

const ITEMS = sized(600, 90);
const WORKERS = sized(2, 1);
const OUTAGES = sized(6, 2);
/** Maximum latency of an answer while Redis is unavailable. */
const ANSWER_WITHIN_MS = 1_000;

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
  for (let n = 0; n < WORKERS; n += 1) scene.installation.startWorker();
});
afterAll(() => scene.close());

/** Disturbs an import several times while it runs. Returns the faults that the audit finds afterwards. */
async function disturbImport(folder: string, disturb: () => Promise<void>): Promise<string[]> {
  const { installation, origin, receiver } = scene;
  await installation.post(
    await installation.newPartner(),
    folder,
    batchOf(urlsBelow(origin, `/${folder}`, ITEMS)),
    { webhook: webhookAt(receiver) },
  );
  for (let count = 1; count <= OUTAGES; count += 1) {
    const moment = Math.floor((count * ITEMS) / (OUTAGES + 1));
    await until(`${moment} requests`, () => requestsBelow(folder) >= moment, {
      explain: () => installation.describe(),
    });
    await disturb();
  }
  return scene.audit();
}

function requestsBelow(folder: string): number {
  return scene.origin.requests.filter(({ path }) => path.startsWith(`/${folder}/`)).length;
}

it(`loses and duplicates nothing if Redis is killed and restarted empty, ${OUTAGES} times`, async () => {
  const { services } = scene.installation;
  const faults = await disturbImport('killed', async () => {
    await services.killRedis();
    await services.startRedis();
  });
  expect(faults).toEqual([]);
});

it(`loses and duplicates nothing if Redis is emptied, ${OUTAGES} times`, async () => {
  const queue = new Bull('emptying', scene.installation.services.redisUrl);
  try {
    const faults = await disturbImport('emptied', async () => {
      await queue.client.flushall();
    });
    expect(faults).toEqual([]);
  } finally {
    await queue.close();
  }
});

it('answers POST with 200 within a second while Redis is unavailable, and finishes when it is back', async () => {
  const { installation, origin, receiver } = scene;
  const partner = await installation.newPartner();
  await installation.services.killRedis();
  const took: number[] = [];
  for (let n = 0; n < 9; n += 1) {
    const videos = batchOf(urlsBelow(origin, `/outage/${n}`, 3));
    const start = performance.now();
    await installation.post(partner, 'outage', videos, { webhook: webhookAt(receiver) });
    took.push(performance.now() - start);
  }
  const median = took.toSorted((a, b) => a - b)[Math.floor(took.length / 2)];
  expect(median).toBeLessThan(ANSWER_WITHIN_MS);
  expect(requestsBelow('outage')).toBe(0);
  await installation.services.startRedis();
  expect(await scene.audit()).toEqual([]);
  process.stdout.write(
    `Redis unavailable: POST answered in ${Math.round(median)} ms (median of ${took.length})\n`,
  );
});
