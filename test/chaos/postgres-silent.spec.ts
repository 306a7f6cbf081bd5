import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { videoNamed } from './support/archive.js';
import { sized } from './support/form.js';
import { batchOf, webhookAt } from './support/chaos-installation.js';
import { readiness, untilReady } from './support/readiness.js';
import { openScene, urlsBelow, type Scene } from './support/scene.js';
import { until } from '../support/until.js';

const ITEMS = sized(600, 60);
const SILENCES = sized(3, 1);
const GRACE_MS = 2_000;
/** From the end of the grace period to the exit of a process that cannot reach the database, on a busy machine. */
const MARGIN_MS = 25_000;

let scene: Scene;
let proxy: TcpProxy;

beforeAll(async () => {
  scene = await openScene(
    { DATABASE_TIMEOUT_MS: '1s', SHUTDOWN_GRACE_MS: String(GRACE_MS) },
    videoNamed,
    async ({ databaseUrl }) => {
      proxy = await startTcpProxy(databaseUrl);
      return { DATABASE_URL: proxy.url };
    },
  );
  scene.installation.startWorker();
});
afterAll(async () => {
  await scene.close();
  await proxy.cut();
});

async function postAndSilence(folder: string, after: number): Promise<void> {
  const { installation, origin, receiver } = scene;
  const urls = urlsBelow(origin, `/${folder}`, ITEMS);
  const webhook = webhookAt(receiver);
  await installation.post(await installation.newPartner(), folder, batchOf(urls), { webhook });
  const requests = (): number => origin.requests.filter(({ path }) => path.startsWith(`/${folder}/`)).length;
  await until(`${after} requests`, () => requests() >= after, { explain: () => installation.describe() });
  proxy.silence();
}

it(`survives an unresponsive PostgreSQL, ${SILENCES} times: the API reports it, and all processes recover`, async () => {
  const { installation } = scene;
  const { api, workers } = installation;
  for (let silence = 1; silence <= SILENCES; silence += 1) {
    await postAndSilence(`silent-${silence}`, ITEMS / 3);
    await until('the API not to be ready', async () => {
      const { status, wrong } = await readiness(installation);
      return status === 503 && wrong['database'] === 'This is down';
    });
    expect((await fetch(`${installation.url}/health/live`)).status).toBe(200);
    await until('the worker to notice', () => workers[0]?.output.includes('Query read timeout'), {
      explain: () => installation.describe(),
    });
    proxy.resume();
    await untilReady(installation);
  }
  expect(await scene.audit()).toEqual([]);
  expect([api, ...workers].map(({ isRunning }) => isRunning)).toEqual([true, true]);
});

it('exits on SIGTERM while PostgreSQL is unresponsive, and another worker finishes its items', async () => {
  const { installation } = scene;
  const [worker] = installation.workers;
  await postAndSilence('ended', ITEMS / 3);
  const start = performance.now();
  await worker?.end('SIGTERM');
  expect(performance.now() - start).toBeLessThan(GRACE_MS + MARGIN_MS);
  proxy.resume();
  installation.startWorker();
  expect(await scene.audit()).toEqual([]);
});
