import { afterAll, beforeAll, expect, it } from 'vitest';
import { Client } from 'pg';
import { sized } from './support/form.js';
import { batchOf, webhookAt } from './support/chaos-installation.js';
import { openScene, urlsBelow, type Scene } from './support/scene.js';
import { until } from '../support/until.js';

const ROUNDS = sized(15, 1);

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
  scene.installation.startWorker();
});
afterAll(() => scene.close());

it(`finishes every accepted import if the API is killed right after its answer, ${ROUNDS} times`, async () => {
  const { installation, origin, receiver } = scene;
  const partner = await installation.newPartner();
  for (let round = 0; round < ROUNDS; round += 1) {
    await installation.post(partner, 'answered', batchOf(urlsBelow(origin, `/answered/${round}`, 5)), {
      webhook: webhookAt(receiver),
    });
    await installation.api.end('SIGKILL');
    await installation.startApi();
  }
  expect(await scene.audit()).toEqual([]);
});

it('leaves nothing half done if the API is killed in mid-transaction, and creates one import for the same Idempotency-Key', async () => {
  const { installation, origin, receiver } = scene;
  const partner = await installation.newPartner();
  const videos = batchOf(urlsBelow(origin, '/half', 50));
  const options = { webhook: webhookAt(receiver), headers: { 'idempotency-key': 'half' } };
  const before = await importCount();

  // The import is written, but its items wait for our lock: the API dies within its transaction.
  const blocker = new Client(installation.services.databaseUrl);
  await blocker.connect();
  await blocker.query('BEGIN');
  await blocker.query('LOCK TABLE import_items IN SHARE MODE');
  const answer = installation.post(partner, 'half', videos, options).then(
    () => 'answered',
    (error: Error) => error.message,
  );
  await until('the API to wait within its transaction', async () => {
    const rows = await installation.query<unknown[]>(
      `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'INSERT INTO import_items%'`,
    );
    return rows.length > 0;
  });
  await installation.api.end('SIGKILL');
  expect(await answer).toBe('fetch failed');
  await blocker.query('ROLLBACK');
  await blocker.end();

  await installation.startApi();
  expect(await importCount()).toBe(before);
  const first = await installation.post(partner, 'half', videos, options);
  const again = await partner.api.call('POST', '/api/v1/import/videos', {
    body: { systemName: 'half', videos, webhook: receiver.url(options.webhook.path) },
    headers: options.headers,
  });
  expect(again).toMatchObject({ status: 200, body: { id: first.id } });
  expect(await importCount()).toBe(before + 1);
  expect(await scene.audit()).toEqual([]);
});

async function importCount(): Promise<number> {
  const [{ count }] = await scene.installation.query<Array<{ count: number }>>(
    'SELECT count(*)::integer AS count FROM imports',
  );
  return count;
}
