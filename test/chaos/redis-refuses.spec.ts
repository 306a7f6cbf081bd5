import { afterAll, beforeAll, expect, it } from 'vitest';
import { sized } from './support/form.js';
import { batchOf, webhookAt } from './support/installation.js';
import { untilWaiting } from './support/readiness.js';
import { tellRedis } from './support/redis-server.js';
import { openScene, urlsBelow, type Scene } from './support/scene.js';
import { until } from './support/until.js';

const ITEMS = sized(600, 90);
const WORKERS = sized(2, 1);
const BLOWS = sized(5, 2);

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
  for (let n = 0; n < WORKERS; n += 1) scene.installation.startWorker();
});
afterAll(() => scene.close());

const tell = (...command: [string, ...string[]]): Promise<unknown> =>
  tellRedis(scene.installation.services.redisUrl, ...command);

/** Strikes again and again in the course of an import; what the audit finds afterwards. */
async function strike(folder: string, blows: number, blow: () => Promise<void>): Promise<string[]> {
  const { installation, origin, receiver } = scene;
  const urls = urlsBelow(origin, `/${folder}`, ITEMS);
  const webhook = webhookAt(receiver);
  await installation.post(await installation.newPartner(), folder, batchOf(urls), { webhook });
  const requests = (): number => origin.requests.filter(({ path }) => path.startsWith(`/${folder}/`)).length;
  for (let count = 1; count <= blows; count += 1) {
    const moment = Math.floor((count * ITEMS) / (blows + 1));
    await until(`${moment} requests`, () => requests() >= moment, { explain: () => installation.describe() });
    await blow();
  }
  return scene.audit();
}

it(`goes on where Redis loses its scripts, ${BLOWS} times`, async () => {
  expect(await strike('flushed', BLOWS, async () => void (await tell('SCRIPT', 'FLUSH')))).toEqual([]);
});

it.each([
  { reason: 'redis_memory', setting: 'maxmemory', refuses: '1', takes: '0' },
  { reason: 'redis_read_only', setting: 'min-replicas-to-write', refuses: '1', takes: '0' },
])('says $reason while Redis takes no writes, and goes on when it does', async ({ reason, ...redis }) => {
  const faults = await strike(reason, 1, async () => {
    await tell('CONFIG', 'SET', redis.setting, redis.refuses);
    await untilWaiting(scene.installation, reason);
    await tell('CONFIG', 'SET', redis.setting, redis.takes);
  });
  expect(faults).toEqual([]);
});

it('says redis_read_only while Redis is a replica, and goes on when it is not', async () => {
  const faults = await strike('replica', 1, async () => {
    await tell('REPLICAOF', '127.0.0.1', '1');
    await untilWaiting(scene.installation, 'redis_read_only');
    await tell('REPLICAOF', 'NO', 'ONE');
  });
  expect(faults).toEqual([]);
});
