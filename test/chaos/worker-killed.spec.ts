import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { videoNamed } from './support/archive.js';
import { sized } from './support/form.js';
import { batchOf, webhookAt } from './support/chaos-installation.js';
import { seededRandom } from './support/random.js';
import { openScene, urlsBelow, type Scene } from './support/scene.js';
import { until } from '../support/until.js';

const ITEMS = sized(2_000, 150);
const KILLS = sized(30, 3);
const WORKERS = sized(3, 2);
const LARGE_BYTES = 3 * 1024 * 1024;

const random = seededRandom('Killed workers');
/** Where the listener of the app writes its calls. */
const calls = join(tmpdir(), `reelport-calls-${randomUUID()}`);
let scene: Scene;

interface Call {
  event: { type: string; externalId?: string };
  id: string;
}

/** Every twentieth file is large enough for its download to be resumed. */
const fileAt = (path: string): Buffer => videoNamed(path, /\/\d*[05]0?\.mp4$/.test(path) ? LARGE_BYTES : 0);

beforeAll(async () => {
  const settings = { CALLS_FILE: calls, LISTENER_SCHEDULE: '10ms,100ms,1s,1s,1s' };
  scene = await openScene(settings, fileAt, undefined, 'dist/test/support/listening-app.js');
});
afterAll(async () => {
  await scene?.close();
  await rm(calls, { force: true });
});

it(`loses and duplicates nothing while workers are killed during an import of ${ITEMS} items, ${KILLS} times, and listeners hear of all of it`, async () => {
  const { installation, origin, receiver } = scene;
  const running = Array.from({ length: WORKERS }, () => installation.startWorker());
  await installation.post(await installation.newPartner(), 'killed', batchOf(urlsBelow(origin, '', ITEMS)), {
    webhook: webhookAt(receiver),
  });

  // One kill at a random moment of each share of the work.
  for (let kill = 0; kill < KILLS; kill += 1) {
    const share = ITEMS / KILLS;
    const moment = Math.floor(kill * share) + random.between(1, Math.floor(share) - 1);
    await until(`${moment} requests`, () => origin.requests.length >= moment, {
      explain: () => installation.describe(),
    });
    const worker = random.pick(running);
    await worker.end('SIGKILL');
    running[running.indexOf(worker)] = installation.startWorker();
  }

  await installation.finished();
  const [{ lost }] = await installation.query<Array<{ lost: number }>>(
    'SELECT sum(lost)::integer AS lost FROM import_items',
  );
  // Otherwise only idle processes were killed.
  expect(lost).toBeGreaterThan(0);
  expect(await scene.audit()).toEqual([]);
  const [{ success }] = await installation.query<Array<{ success: number }>>('SELECT success FROM imports');
  expect(success).toBe(ITEMS);

  await until('all events to be delivered', async () => {
    const rows = await installation.query<unknown[]>('SELECT FROM event_deliveries LIMIT 1');
    return rows.length === 0;
  });
  const made = readFileSync(calls, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line): Call => JSON.parse(line));
  const created = made.filter(({ event }) => event.type === 'media.created');
  expect(new Set(created.map(({ event }) => event.externalId)).size).toBe(ITEMS);
  // A killed call is repeated under its id, and nothing is announced twice.
  expect(new Set(created.map(({ id }) => id)).size).toBe(ITEMS);
  expect(new Set(made.map(({ id }) => id)).size).toBe(ITEMS + 2);
  process.stdout.write(`${made.length - ITEMS - 2} calls of listeners repeated\n`);
  process.stdout.write(`${KILLS} workers killed, ${lost} leases reclaimed, ${ITEMS} of ${ITEMS} imported\n`);
});
