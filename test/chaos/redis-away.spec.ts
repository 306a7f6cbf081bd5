import Bull from 'bull';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sized } from './support/form.js';
import { batchOf, webhookAt } from './support/installation.js';
import { openScene, urlsBelow, type Scene } from './support/scene.js';
import { until } from './support/until.js';

const ITEMS = sized(600, 90);
const WORKERS = sized(2, 1);
const BLOWS = sized(6, 2);
/** What a partner may wait for an answer while Redis is away. */
const ANSWER_WITHIN_MS = 1_000;

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
  for (let n = 0; n < WORKERS; n += 1) scene.installation.startWorker();
});
afterAll(() => scene.close());

/** Strikes again and again in the course of an import; what the audit finds afterwards. */
async function strike(folder: string, blow: () => Promise<void>): Promise<string[]> {
  const { installation, origin, receiver } = scene;
  await installation.post(
    await installation.newPartner(),
    folder,
    batchOf(urlsBelow(origin, `/${folder}`, ITEMS)),
    { webhook: webhookAt(receiver) },
  );
  for (let count = 1; count <= BLOWS; count += 1) {
    const moment = Math.floor((count * ITEMS) / (BLOWS + 1));
    await until(`${moment} requests`, () => requestsBelow(folder) >= moment, {
      explain: () => installation.describe(),
    });
    await blow();
  }
  return scene.audit();
}

function requestsBelow(folder: string): number {
  return scene.origin.requests.filter(({ path }) => path.startsWith(`/${folder}/`)).length;
}

it(`loses and doubles nothing where Redis is killed and comes back empty, ${BLOWS} times`, async () => {
  const { services } = scene.installation;
  const faults = await strike('killed', async () => {
    await services.killRedis();
    await services.startRedis();
  });
  expect(faults).toEqual([]);
});

it(`loses and doubles nothing where Redis is emptied, ${BLOWS} times`, async () => {
  const queue = new Bull('emptying', scene.installation.services.redisUrl);
  try {
    const faults = await strike('emptied', async () => {
      await queue.client.flushall();
    });
    expect(faults).toEqual([]);
  } finally {
    await queue.close();
  }
});

it('answers POST with 200 within a second while Redis is away, and finishes when it is back', async () => {
  const { installation, origin, receiver } = scene;
  const partner = await installation.newPartner();
  await installation.services.killRedis();
  const took: number[] = [];
  for (let n = 0; n < 9; n += 1) {
    const videos = batchOf(urlsBelow(origin, `/away/${n}`, 3));
    const start = performance.now();
    await installation.post(partner, 'away', videos, { webhook: webhookAt(receiver) });
    took.push(performance.now() - start);
  }
  const median = took.toSorted((a, b) => a - b)[Math.floor(took.length / 2)];
  expect(median).toBeLessThan(ANSWER_WITHIN_MS);
  expect(requestsBelow('away')).toBe(0);
  await installation.services.startRedis();
  expect(await scene.audit()).toEqual([]);
  process.stdout.write(`Redis away: POST answered in ${Math.round(median)} ms (median of ${took.length})\n`);
});
