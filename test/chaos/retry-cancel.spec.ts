import { afterAll, beforeAll, expect, it } from 'vitest';
import { videoNamed } from './support/archive.js';
import { sized } from './support/form.js';
import { batchOf, webhookAt } from './support/installation.js';
import type { PostedImport } from './support/posted.js';
import { seededRandom } from './support/random.js';
import { openScene, urlsBelow, type Scene } from './support/scene.js';
import { until } from './support/until.js';

const IMPORTS = sized(12, 4);
const ITEMS = sized(60, 20);
const PRESSES = sized(80, 16);
/** Presses until both buttons have moved something: a slow machine may refuse every early retry. */
const MOST_PRESSES = 20 * PRESSES;
/** A worker is killed with every so-many-th press. */
const PRESSES_PER_KILL = 8;

const random = seededRandom('Retry and cancel');
let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
  for (let n = 0; n < 2; n += 1) scene.installation.startWorker();
});
afterAll(() => scene.close());

/** Presses one of the two buttons of an import; the number of items that it moved, null where it was refused. */
async function press(button: 'retry' | 'cancel', posted: PostedImport): Promise<number | null> {
  const { status, body } = await posted.partner.api.call<{ retried?: number; cancelled?: number }>(
    'POST',
    `/api/v1/imports/${posted.id}/${button}`,
  );
  if (status === 409) return null;
  expect(status).toBe(200);
  // A retry that has something to run is a new beginning, with an end of its own.
  if ((body.retried ?? 0) > 0) posted.ends += 1;
  return body.retried ?? body.cancelled ?? 0;
}

it(`counts right whatever is pressed, ${PRESSES} times, while workers are killed, and imports all in the end`, async () => {
  const { installation, origin, receiver } = scene;
  const partner = await installation.newPartner();
  const imports: PostedImport[] = [];
  for (let n = 0; n < IMPORTS; n += 1) {
    const urls = urlsBelow(origin, `/pressed/${n}`, ITEMS);
    for (const url of urls) {
      const path = new URL(url).pathname;
      const body = videoNamed(path);
      // A failure that is the last word until somebody asks again, and downloads that take their time.
      const first = random.pick([{ status: 404 }, { body, bytesPerSecond: 20_000 }, { body }]);
      scene.script(path, [first], { body });
    }
    imports.push(
      await installation.post(partner, `pressed-${n}`, batchOf(urls), { webhook: webhookAt(receiver) }),
    );
  }

  const moved = { retry: 0, cancel: 0 };
  let kills = 0;
  const isEnough = (count: number): boolean =>
    count > MOST_PRESSES || (count > PRESSES && moved.retry > 0 && moved.cancel > 0);
  for (let count = 1; !isEnough(count); count += 1) {
    const seen = origin.requests.length;
    const button = random.pick(['retry', 'cancel'] as const);
    moved[button] += (await press(button, random.pick(imports))) ?? 0;
    if (count % PRESSES_PER_KILL === 0) {
      await random.pick(installation.workers.filter(({ isRunning }) => isRunning)).end('SIGKILL');
      installation.startWorker();
      kills += 1;
    }
    await until(
      'work to go on, or everything to have ended',
      async () => origin.requests.length > seen || (await isOver(imports)),
      { explain: () => installation.describe() },
    );
  }
  expect(moved.retry).toBeGreaterThan(0);
  expect(moved.cancel).toBeGreaterThan(0);

  await installation.finished();
  for (const posted of imports) await press('retry', posted);
  await installation.finished();
  // What answered 404 in a round that was cancelled has had its second chance now; one more for what came last.
  for (const posted of imports) await press('retry', posted);
  expect(await scene.audit()).toEqual([]);
  const success = await installation.query('SELECT DISTINCT success, failed FROM imports');
  expect(success).toEqual([{ success: ITEMS, failed: 0 }]);
  process.stdout.write(
    `${PRESSES} presses moved ${moved.retry} items to run again and cancelled ${moved.cancel}, with ${kills} kills\n`,
  );
});

async function isOver(imports: readonly PostedImport[]): Promise<boolean> {
  const rows = await scene.installation.query<unknown[]>(
    'SELECT FROM imports WHERE id = ANY($1) AND finished_at IS NULL',
    [imports.map(({ id }) => id)],
  );
  return rows.length === 0;
}
