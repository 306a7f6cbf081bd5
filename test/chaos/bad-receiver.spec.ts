import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../support/free-port.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { sized } from './support/form.js';
import { batchOf, webhookAt } from './support/chaos-installation.js';
import type { PostedImport, PostedWebhook } from './support/posted.js';
import { openScene, urlsBelow, type Scene } from './support/scene.js';
import { until } from '../support/until.js';

const WORKERS = sized(2, 1);
const IMPORTS = sized(20, 3);

let scene: Scene;
const receivers: Receiver[] = [];
beforeAll(async () => {
  scene = await openScene({ WEBHOOK_TIMEOUT_MS: '1s' });
  for (let n = 0; n < WORKERS; n += 1) scene.installation.startWorker();
});
afterAll(async () => {
  await scene.close();
  await Promise.all(receivers.map((receiver) => receiver.close()));
});

async function open(port?: number): Promise<Receiver> {
  const receiver = await startReceiver(port === undefined ? {} : { port });
  receivers.push(receiver);
  return receiver;
}

/** Posts imports whose webhooks go to a receiver. */
async function post(name: string, webhook: () => PostedWebhook): Promise<PostedImport[]> {
  const { installation, origin } = scene;
  const partner = await installation.newPartner();
  const posted: PostedImport[] = [];
  for (let n = 0; n < IMPORTS; n += 1) {
    const videos = batchOf(urlsBelow(origin, `/${name}/${n}`, 2));
    // One archive for each import, so that none replaces the videos of another, whose files the audit would wait for.
    posted.push(await installation.post(partner, `${name}-${n}`, videos, { webhook: webhook() }));
  }
  await installation.finished(...posted);
  return posted;
}

/** Status codes of the recorded attempts; null without an answer. */
async function attemptsOf(imports: readonly PostedImport[]): Promise<Array<number | null>> {
  const rows = await scene.installation.query<Array<{ code: number | null }>>(
    `SELECT attempt.status_code AS code FROM webhook_attempts attempt
     JOIN webhook_deliveries delivery ON delivery.id = attempt.delivery_id
     WHERE delivery.import_id = ANY($1)`,
    [imports.map(({ id }) => id)],
  );
  return rows.map(({ code }) => code);
}

it('delivers to a receiver that was down when it is back', async () => {
  const port = await freePort();
  const down = await open(port);
  await down.close();
  const posted = await post('down', () => webhookAt(down));
  await until('failed attempts', async () => (await attemptsOf(posted)).length > IMPORTS);
  expect(new Set(await attemptsOf(posted))).toEqual(new Set([null]));
  await down.open({ port });
  expect(await scene.audit()).toEqual([]);
});

it('retries an attempt that timed out, with the same webhook-id', async () => {
  const slow = await open();
  slow.answer(...Array.from({ length: IMPORTS }, () => ({ hang: true })), 204);
  const posted = await post('slow', () => webhookAt(slow));
  expect(await scene.audit()).toEqual([]);
  expect(slow.release()).toBe(IMPORTS);
  expect((await attemptsOf(posted)).filter((code) => code === null)).toHaveLength(IMPORTS);
});

it('retries after a 500 and after a redirect, which it does not follow', async () => {
  const [broken, redirecting, elsewhere] = [await open(), await open(), await open()];
  broken.answer(...Array.from({ length: 2 * IMPORTS }, () => 500), 204);
  const moved = { status: 302, headers: { location: elsewhere.url('/moved') } };
  redirecting.answer(...Array.from({ length: 2 * IMPORTS }, () => moved), 204);
  const refused = [
    ...(await post('broken', () => webhookAt(broken))),
    ...(await post('moved', () => webhookAt(redirecting))),
  ];
  expect(await scene.audit()).toEqual([]);
  expect(elsewhere.deliveries).toEqual([]);
  const codes = await attemptsOf(refused);
  expect(codes.filter((code) => code === 500)).toHaveLength(2 * IMPORTS);
  expect(codes.filter((code) => code === 302)).toHaveLength(2 * IMPORTS);
});

it('gives up at once if the receiver answers 410', async () => {
  const gone = await open();
  gone.answer(410);
  const posted = await post('gone', () => webhookAt(gone, 'failed'));
  expect(await scene.audit()).toEqual([]);
  expect(await attemptsOf(posted)).toEqual(posted.map(() => 410));
  expect(gone.deliveries).toHaveLength(IMPORTS);
});

it('repeats the delivery of a killed worker with the same webhook-id', async () => {
  const { installation } = scene;
  const waiting = await open();
  waiting.answer({ hang: true }, 204);
  const posted = post('killed', () => webhookAt(waiting));
  await waiting.waitForDelivery(() => true, { timeoutMs: 60_000 });
  await Promise.all(installation.workers.map((worker) => worker.end('SIGKILL')));
  installation.startWorker();
  const [first] = await posted;
  expect(await scene.audit()).toEqual([]);
  const ids = waiting.deliveries
    .filter(({ path }) => path === first.webhook?.path)
    .map(({ headers }) => headers['webhook-id']);
  expect(ids.length).toBeGreaterThanOrEqual(1);
  expect(waiting.deliveries.length).toBeGreaterThan(IMPORTS);
  expect(new Set(waiting.deliveries.map(({ headers }) => headers['webhook-id'])).size).toBe(IMPORTS);
  waiting.release();
});
