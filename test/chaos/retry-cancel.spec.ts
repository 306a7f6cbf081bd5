import { afterAll, beforeAll, expect, it } from 'vitest';
import { videoNamed } from './support/archive.js';
import { sized } from './support/form.js';
import { batchOf, webhookAt } from './support/chaos-installation.js';
import type { PostedImport } from './support/posted.js';
import { seededRandom } from './support/random.js';
import { openScene, urlsBelow, type Scene } from './support/scene.js';
import { until } from '../support/until.js';

const IMPORTS = sized(12, 4);
const ITEMS = sized(60, 20);
const ACTIONS = sized(80, 16);
/** Most actions until both kinds have affected an item: a slow machine may refuse every early retry. */
const MOST_ACTIONS = 20 * ACTIONS;
/** Number of actions between two killed workers. */
const ACTIONS_PER_KILL = 8;

const random = seededRandom('Retry and cancel');
let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
  for (let n = 0; n < 2; n += 1) scene.installation.startWorker();
});
afterAll(() => scene.close());

/** Retries or cancels an import. Returns the number of affected items, or null for a refusal. */
async function act(action: 'retry' | 'cancel', posted: PostedImport): Promise<number | null> {
  const { status, body } = await posted.partner.api.call<{ retried?: number; cancelled?: number }>(
    'POST',
    `/api/v1/imports/${posted.id}/${action}`,
  );
  if (status === 409) return null;
  expect(status).toBe(200);
  // A retry of at least one item lets the import end again.
  if ((body.retried ?? 0) > 0) posted.ends += 1;
  return body.retried ?? body.cancelled ?? 0;
}

it(`counts correctly while retries, cancellations and kills of workers interleave, ${ACTIONS} times, and finally imports everything`, async () => {
  const { installation, origin, receiver } = scene;
  const partner = await installation.newPartner();
  const imports: PostedImport[] = [];
  for (let n = 0; n < IMPORTS; n += 1) {
    const urls = urlsBelow(origin, `/pressed/${n}`, ITEMS);
    for (const url of urls) {
      const path = new URL(url).pathname;
      const body = videoNamed(path);
      // A permanent failure until the next retry, a slow download, or an immediate success.
      const first = random.pick([{ status: 404 }, { body, bytesPerSecond: 20_000 }, { body }]);
      scene.script(path, [first], { body });
    }
    imports.push(
      await installation.post(partner, `pressed-${n}`, batchOf(urls), { webhook: webhookAt(receiver) }),
    );
  }

  const affected = { retry: 0, cancel: 0 };
  let kills = 0;
  const isEnough = (count: number): boolean =>
    count > MOST_ACTIONS || (count > ACTIONS && affected.retry > 0 && affected.cancel > 0);
  for (let count = 1; !isEnough(count); count += 1) {
    const seen = origin.requests.length;
    const action = random.pick(['retry', 'cancel'] as const);
    affected[action] += (await act(action, random.pick(imports))) ?? 0;
    if (count % ACTIONS_PER_KILL === 0) {
      await random.pick(installation.workers.filter(({ isRunning }) => isRunning)).end('SIGKILL');
      installation.startWorker();
      kills += 1;
    }
    await until(
      'another request, or the end of all imports',
      async () => origin.requests.length > seen || (await isOver(imports)),
      { explain: () => installation.describe() },
    );
  }
  expect(affected.retry).toBeGreaterThan(0);
  expect(affected.cancel).toBeGreaterThan(0);

  await installation.finished();
  for (const posted of imports) await act('retry', posted);
  await installation.finished();
  // The first retry covers items whose 404 was cancelled; this one covers the last failures.
  for (const posted of imports) await act('retry', posted);
  expect(await scene.audit()).toEqual([]);
  const success = await installation.query('SELECT DISTINCT success, failed FROM imports');
  expect(success).toEqual([{ success: ITEMS, failed: 0 }]);
  process.stdout.write(
    `${ACTIONS} actions: ${affected.retry} items retried, ${affected.cancel} cancelled, ${kills} workers killed\n`,
  );
});

async function isOver(imports: readonly PostedImport[]): Promise<boolean> {
  const rows = await scene.installation.query<unknown[]>(
    'SELECT FROM imports WHERE id = ANY($1) AND finished_at IS NULL',
    [imports.map(({ id }) => id)],
  );
  return rows.length === 0;
}
