import { afterAll, beforeAll, expect, it } from 'vitest';
import { sized } from './support/form.js';
import { batchOf, webhookAt } from './support/chaos-installation.js';
import { untilWaiting } from './support/readiness.js';
import { tellRedis } from '../support/redis-server.js';
import { openScene, urlsBelow, type Scene } from './support/scene.js';
import { until } from '../support/until.js';

const ITEMS = sized(600, 90);
const WORKERS = sized(2, 1);
const OUTAGES = sized(5, 2);

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
  for (let n = 0; n < WORKERS; n += 1) scene.installation.startWorker();
});
afterAll(() => scene.close());

const command = (...words: [string, ...string[]]): Promise<unknown> =>
  tellRedis(scene.installation.services.redisUrl, ...words);

/** Disturbs an import several times while it runs. Returns the faults that the audit finds afterwards. */
async function disturbImport(
  folder: string,
  outages: number,
  disturb: () => Promise<void>,
): Promise<string[]> {
  const { installation, origin, receiver } = scene;
  const urls = urlsBelow(origin, `/${folder}`, ITEMS);
  const webhook = webhookAt(receiver);
  await installation.post(await installation.newPartner(), folder, batchOf(urls), { webhook });
  const requests = (): number => origin.requests.filter(({ path }) => path.startsWith(`/${folder}/`)).length;
  for (let count = 1; count <= outages; count += 1) {
    const moment = Math.floor((count * ITEMS) / (outages + 1));
    await until(`${moment} requests`, () => requests() >= moment, { explain: () => installation.describe() });
    await disturb();
  }
  return scene.audit();
}

it(`continues if Redis loses its scripts, ${OUTAGES} times`, async () => {
  expect(
    await disturbImport('flushed', OUTAGES, async () => void (await command('SCRIPT', 'FLUSH'))),
  ).toEqual([]);
});

it.each([
  { reason: 'redis_memory', setting: 'maxmemory', refuses: '1', takes: '0' },
  { reason: 'redis_read_only', setting: 'min-replicas-to-write', refuses: '1', takes: '0' },
])('reports $reason while Redis accepts no writes, and resumes afterwards', async ({ reason, ...redis }) => {
  const faults = await disturbImport(reason, 1, async () => {
    await command('CONFIG', 'SET', redis.setting, redis.refuses);
    await untilWaiting(scene.installation, reason);
    await command('CONFIG', 'SET', redis.setting, redis.takes);
  });
  expect(faults).toEqual([]);
});

it('reports redis_read_only while Redis is a replica, and resumes afterwards', async () => {
  const faults = await disturbImport('replica', 1, async () => {
    await command('REPLICAOF', '127.0.0.1', '1');
    await untilWaiting(scene.installation, 'redis_read_only');
    await command('REPLICAOF', 'NO', 'ONE');
  });
  expect(faults).toEqual([]);
});
