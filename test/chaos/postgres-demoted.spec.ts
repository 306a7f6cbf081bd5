import { afterAll, beforeAll, expect, it } from 'vitest';
import { sized } from './support/form.js';
import { batchOf, webhookAt } from './support/chaos-installation.js';
import type { Partner } from './support/posted.js';
import { readiness, untilReady } from './support/readiness.js';
import { openScene, urlsBelow, type Scene } from './support/scene.js';
import { until } from '../support/until.js';

const ITEMS = sized(600, 90);
const WORKERS = sized(2, 1);
const OUTAGES = sized(5, 1);

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
  for (let n = 0; n < WORKERS; n += 1) scene.installation.startWorker();
});
afterAll(() => scene.close());

/** Disturbs an import several times while it runs. */
async function disturbImport(folder: string, disturb: (partner: Partner) => Promise<void>): Promise<void> {
  const { installation, origin, receiver } = scene;
  const partner = await installation.newPartner();
  const urls = urlsBelow(origin, `/${folder}`, ITEMS);
  await installation.post(partner, folder, batchOf(urls), { webhook: webhookAt(receiver) });
  const requests = (): number => origin.requests.filter(({ path }) => path.startsWith(`/${folder}/`)).length;
  for (let count = 1; count <= OUTAGES; count += 1) {
    const moment = Math.floor((count * ITEMS) / (OUTAGES + 1));
    await until(`${moment} requests`, () => requests() >= moment, { explain: () => installation.describe() });
    await disturb(partner);
  }
}

it(`survives a PostgreSQL that accepts no writes, ${OUTAGES} times: batches and readiness get a 503, and nothing is lost`, async () => {
  const { installation } = scene;
  await disturbImport('demoted', async (partner) => {
    await installation.services.setReadOnly(true);
    await until('the API not to be ready', async () => {
      const { status, wrong } = await readiness(installation);
      return status === 503 && wrong['database'] === 'This takes no writes';
    });
    const { status, headers } = await partner.api.call('POST', '/api/v1/import/videos', {
      body: { systemName: 'refused', videos: batchOf(['https://example.com/a.mp4']) },
    });
    expect(status).toBe(503);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    await installation.services.setReadOnly(false);
    await untilReady(installation);
  });
  // A batch that was stored despite its 503 would be an import unknown to the audit.
  expect(await scene.audit()).toEqual([]);
});

it(`survives a PostgreSQL that closes all connections, ${OUTAGES} times`, async () => {
  const { installation } = scene;
  await disturbImport('terminated', async () => {
    await installation.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
    );
    await untilReady(installation);
  });
  expect(await scene.audit()).toEqual([]);
  const { api, workers } = installation;
  expect([api, ...workers].every(({ isRunning }) => isRunning)).toBe(true);
});
