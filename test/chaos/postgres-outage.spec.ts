import { afterAll, beforeAll, expect, it } from 'vitest';
import { Client } from 'pg';
import { createClient } from '#libs/client';
import { sized } from './support/form.js';
import { batchOf, webhookAt } from './support/chaos-installation.js';
import type { Partner } from './support/posted.js';
import { openScene, urlsBelow, type Scene } from './support/scene.js';
import { until } from '../support/until.js';

const ITEMS = sized(600, 90);
const OUTAGES = sized(5, 1);
const WORKERS = sized(2, 1);

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
  for (let n = 0; n < WORKERS; n += 1) scene.installation.startWorker();
});
afterAll(() => scene.close());

/** Ids of all items that the events of an import announce until it is finished. */
async function finishedItems({ api }: Partner, importId: string): Promise<string[]> {
  const { imports } = createClient({ url: api.baseUrl, token: api.token });
  const ids: string[] = [];
  for await (const { data } of imports.events(importId))
    if (data.type === 'items.finished') ids.push(...data.items.map(({ externalId }) => externalId));
  return ids;
}

it(`survives immediate shutdowns of PostgreSQL, ${OUTAGES} times: POST answers 503, nothing is half done, no process exits, and readers of events miss and double nothing`, async () => {
  const { installation, origin, receiver } = scene;
  const { services, api, workers } = installation;
  const partner = await installation.newPartner();
  const pids = [api, ...workers].map(({ pid }) => pid);
  const batch = batchOf(urlsBelow(origin, '/stopped', ITEMS));
  const { id } = await installation.post(partner, 'stopped', batch, { webhook: webhookAt(receiver) });
  const seen = finishedItems(partner, id);

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
    // The API recovers without a restart.
    await until(`the API to answer again after outage ${outage}`, async () => {
      return (await partner.api.call('GET', '/health/ready')).status === 200;
    });
  }

  // A batch that was stored despite its 503 would be an import unknown to the audit.
  expect(await scene.audit()).toEqual([]);
  expect((await seen).toSorted()).toEqual(batch.map((video) => video.id).toSorted());
  expect([api, ...workers].map(({ isRunning }) => isRunning)).toEqual(pids.map(() => true));
  await installation.post(partner, 'afterwards', batchOf(urlsBelow(origin, '/afterwards', 5)), {
    webhook: webhookAt(receiver),
  });
  expect(await scene.audit()).toEqual([]);
});

it('answers 503 to a batch that it was writing when PostgreSQL stopped, and stores nothing of it', async () => {
  const { installation, origin, receiver } = scene;
  const { services } = installation;
  const partner = await installation.newPartner();
  const videos = batchOf(urlsBelow(origin, '/writing', 50));
  const webhook = webhookAt(receiver);
  const headers = { 'idempotency-key': 'writing' };

  // The import is written, but its items wait for our lock.
  const blocker = new Client(services.databaseUrl);
  blocker.on('error', () => undefined); // its connection breaks like all others
  await blocker.connect();
  await blocker.query('BEGIN');
  await blocker.query('LOCK TABLE import_items IN SHARE MODE');
  const answer = partner.api.call('POST', '/api/v1/import/videos', {
    body: { systemName: 'writing', videos, webhook: receiver.url(webhook.path) },
    headers,
  });
  await until('the API to wait within its transaction', async () => {
    const rows = await installation.query<unknown[]>(
      `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'INSERT INTO import_items%'`,
    );
    return rows.length > 0;
  });
  await services.stopPostgresAtOnce();
  const { status, headers: answered } = await answer;
  expect(status).toBe(503);
  expect(Number(answered.get('retry-after'))).toBeGreaterThan(0);

  await services.startPostgres();
  await until('the API to answer again', async () => {
    return (await partner.api.call('GET', '/health/ready')).status === 200;
  });
  await installation.post(partner, 'writing', videos, { webhook, headers });
  expect(await scene.audit()).toEqual([]);
});
