import { afterAll, beforeAll, expect, it } from 'vitest';
import { sized } from './support/form.js';
import { batchOf, webhookAt } from './support/installation.js';
import { openScene, urlsBelow, type Scene } from './support/scene.js';
import { until } from './support/until.js';

const ITEMS = sized(600, 90);
const OUTAGES = sized(5, 1);

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
  scene.installation.startWorker();
  scene.installation.startWorker();
});
afterAll(() => scene.close());

it(`outlasts PostgreSQL that is stopped in immediate mode, ${OUTAGES} times: POST answers 503, nothing is half done, no process ends`, async () => {
  const { installation, origin, receiver } = scene;
  const { services, api, workers } = installation;
  const partner = await installation.newPartner();
  const pids = [api, ...workers].map(({ pid }) => pid);
  await installation.post(partner, 'stopped', batchOf(urlsBelow(origin, '/stopped', ITEMS)), {
    webhook: webhookAt(receiver),
  });

  for (let outage = 1; outage <= OUTAGES; outage += 1) {
    const moment = Math.floor((outage * ITEMS) / (OUTAGES + 1));
    await until(`${moment} requests`, () => origin.requests.length >= moment, {
      explain: () => installation.describe(),
    });
    await services.stopPostgresAtOnce();
    const { status, headers, body } = await partner.api.call('POST', '/api/v1/import/videos', {
      body: { systemName: 'refused', videos: batchOf(urlsBelow(origin, '/refused', 3)) },
    });
    expect({ status, body }).toMatchObject({ status: 503, body: { status: 503 } });
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await partner.api.call('GET', '/health/live')).status).toBe(200);
    await services.startPostgres();
    // By itself: it is not started anew.
    await until(`the API to answer again after outage ${outage}`, async () => {
      return (await partner.api.call('GET', '/health/ready')).status === 200;
    });
  }

  // What was answered 503 would be an import that the audit knows nothing of.
  await scene.audit();
  expect([api, ...workers].map(({ isRunning }) => isRunning)).toEqual(pids.map(() => true));
  await installation.post(partner, 'afterwards', batchOf(urlsBelow(origin, '/afterwards', 5)), {
    webhook: webhookAt(receiver),
  });
  await scene.audit();
});
