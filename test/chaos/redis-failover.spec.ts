import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startServices, type SomeServices } from '#libs/embedded';
import { freePort } from '../support/free-port.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { videoNamed } from './support/archive.js';
import { sized } from './support/form.js';
import { batchOf, webhookAt } from './support/chaos-installation.js';
import { listenOn, tellRedis } from '../support/redis-server.js';
import { openScene, urlsBelow, type Scene } from './support/scene.js';
import { until } from '../support/until.js';

const ITEMS = sized(600, 90);
const WORKERS = sized(2, 1);
/** Every second failover returns to the first server. */
const FAILOVERS = sized(4, 2);

interface Server {
  url: string;
  port: number;
}

let scene: Scene;
let proxy: TcpProxy;
let folder: string;
let second: SomeServices;
let servers: [Server, Server];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelport-redis-'));
  second = await startServices({
    dataDir: folder,
    need: { database: false, redis: true },
    addresses: { redisSocket: join(folder, 'redis.sock') },
  });
  scene = await openScene({}, videoNamed, async ({ redisUrl }) => {
    proxy = await startTcpProxy(redisUrl);
    servers = [
      { url: redisUrl, port: await freePort() },
      { url: second.redisUrl ?? '', port: await freePort() },
    ];
    return { REDIS_URL: proxy.url };
  });
  for (const { url, port } of servers) await listenOn(url, port);
  await follow(servers[1], servers[0]);
  for (let n = 0; n < WORKERS; n += 1) scene.installation.startWorker();
});
afterAll(async () => {
  await scene.close();
  await proxy.cut();
  await second.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Makes a server the replica of another one. */
async function follow(replica: Server, primary: Server): Promise<void> {
  await tellRedis(replica.url, 'REPLICAOF', '127.0.0.1', String(primary.port));
  await until('the replica to follow', async () =>
    String(await tellRedis(replica.url, 'INFO', 'replication')).includes('master_link_status:up'),
  );
}

it(`continues with the new primary behind the same address while old connections stay open, ${FAILOVERS} times`, async () => {
  const { installation, origin, receiver } = scene;
  const urls = urlsBelow(origin, '/failover', ITEMS);
  const webhook = webhookAt(receiver);
  await installation.post(await installation.newPartner(), 'failover', batchOf(urls), { webhook });
  for (let count = 1; count <= FAILOVERS; count += 1) {
    const moment = Math.floor((count * ITEMS) / (FAILOVERS + 1));
    await until(`${moment} requests`, () => origin.requests.length >= moment, {
      explain: () => installation.describe(),
    });
    const [primary, replica] = servers;
    await tellRedis(replica.url, 'REPLICAOF', 'NO', 'ONE');
    proxy.switchTo(replica.url);
    await follow(primary, replica);
    servers = [replica, primary];
  }
  expect(await scene.audit()).toEqual([]);
});

it('survives an unresponsive Redis on all its connections', async () => {
  const { installation, origin, receiver } = scene;
  const urls = urlsBelow(origin, '/silent', ITEMS);
  const webhook = webhookAt(receiver);
  await installation.post(await installation.newPartner(), 'silent', batchOf(urls), { webhook });
  const before = origin.requests.length;
  await until('some requests', () => origin.requests.length > before, {
    explain: () => installation.describe(),
  });
  proxy.silence();
  await until('the worker to notice', () => installation.workers[0]?.output.includes('reason=redis '), {
    explain: () => installation.describe(),
  });
  proxy.resume();
  expect(await scene.audit()).toEqual([]);
});
