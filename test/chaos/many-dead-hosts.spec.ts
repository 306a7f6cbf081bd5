import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../support/free-port.js';
import { sized } from './support/form.js';
import { batchOf, webhookAt } from './support/chaos-installation.js';
import type { PostedImport } from './support/posted.js';
import { openScene, urlsBelow, type Scene } from './support/scene.js';
import { until } from '../support/until.js';

const HOSTS = 10_000;
const BATCHES = sized(20, 5);
/** Number of failing hosts before the other project posts its import. */
const KNOWN_TO_FAIL = sized(5_000, 500);
const GOOD_VIDEOS = 20;

let scene: Scene;
beforeAll(async () => {
  // As in production: a failing host is tried again after seconds, then after a minute.
  scene = await openScene({ HOST_RETRY_SCHEDULE: '1s,5s,1m' });
  scene.installation.startWorker();
});
afterAll(() => scene.close());

/** Addresses that all refuse connections, like names below a wildcard. Outside of Linux, ports separate the hosts. */
function deadUrl(n: number, port: number): string {
  const base =
    process.platform === 'linux' ? `127.10.${n >> 8}.${n & 255}:${port}` : `127.0.0.1:${20_000 + n}`;
  return `http://${base}/${n}.mp4`;
}

async function number(sql: string, parameters: unknown[] = []): Promise<number> {
  const [row] = await scene.installation.query<Array<{ number: string }>>(sql, parameters);
  return Number(row.number);
}

const pendingHosts = `SELECT origin_host FROM import_items WHERE state IN ('pending', 'queued', 'running')`;

async function cancel({ partner, id }: PostedImport): Promise<void> {
  const { status } = await partner.api.call('POST', `/api/v1/imports/${id}/cancel`);
  expect(status).toBe(200);
}

it('10 000 hosts that refuse connections delay no other project, and are removed when no item needs them', async () => {
  const { installation, origin, receiver } = scene;
  const port = await freePort();
  const [many, few] = [await installation.newPartner(), await installation.newPartner()];
  const dead: PostedImport[] = [];
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const urls = Array.from({ length: HOSTS / BATCHES }, (_, n) => deadUrl(batch + n * BATCHES, port));
    dead.push(await installation.post(many, `dead${batch}`, batchOf(urls), { webhook: webhookAt(receiver) }));
  }
  const explain = (): Promise<string> => installation.describe();
  const failing = (): Promise<number> =>
    number('SELECT count(*) AS number FROM origin_hosts WHERE failures > 0');
  await until('hosts to fail', async () => (await failing()) >= KNOWN_TO_FAIL, { explain });

  const attempts = (): Promise<number> => number('SELECT sum(claim) AS number FROM import_items');
  const before = await attempts();
  const good = await installation.post(few, 'good', batchOf(urlsBelow(origin, '/good', GOOD_VIDEOS)), {
    webhook: webhookAt(receiver),
  });
  await installation.finished(good);
  const during = (await attempts()) - before - GOOD_VIDEOS;
  expect(await number('SELECT success AS number FROM imports WHERE id = $1', [good.id])).toBe(GOOD_VIDEOS);
  // The other project got its share of the attempts all the while.
  expect(await number(`SELECT count(*) AS number FROM (${pendingHosts}) item`)).toBeGreaterThan(HOSTS / 2);
  const roundMs = await number('SELECT max(round_ms) AS number FROM workers');

  // Expiring hosts are kept while items are pending for them …
  const known = await failing();
  await installation.query(`UPDATE origin_hosts SET expires_at = now() + interval '1 minute'`);
  await until('the sweep to keep all hosts with pending items', async () => {
    const expiring = `SELECT FROM origin_hosts WHERE expires_at < now() + interval '2 minutes' AND host IN (${pendingHosts})`;
    return (await number(`SELECT count(*) AS number FROM (${expiring}) host`)) === 0;
  });
  expect(await failing()).toBeGreaterThanOrEqual(known);

  // … and removed afterwards.
  await Promise.all(dead.map((posted) => cancel(posted)));
  await installation.finished();
  await installation.query(`UPDATE origin_hosts SET expires_at = now() - interval '1 second'`);
  await until('idle hosts to be removed', async () => (await failing()) === 0, { explain });
  process.stdout.write(
    `${during} attempts at dead hosts while ${GOOD_VIDEOS} videos were imported; a round took ${Math.round(roundMs)} ms\n`,
  );
  expect(await scene.audit()).toEqual([]);
});
