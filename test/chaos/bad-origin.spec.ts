import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Answer } from '../support/origin.js';
import { videoNamed } from './support/archive.js';
import { sized } from './support/form.js';
import { batchOf, webhookAt } from './support/chaos-installation.js';
import { seededRandom, type Random } from './support/random.js';
import { openScene, urlsBelow, type Scene } from './support/scene.js';
import { until } from '../support/until.js';

const ITEMS = sized(200, 40);
const WORKERS = sized(2, 1);
const LARGE_BYTES = 2 * 1024 * 1024;
const FAULTS_AT_MOST = 4;

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
  for (let n = 0; n < WORKERS; n += 1) scene.installation.startWorker();
});
afterAll(() => scene.close());

/** Picks one of the transient faults. */
function anyFault(random: Random, body: Buffer): Answer {
  return random.pick<() => Answer>([
    () => ({ body, cutAfterBytes: random.between(0, body.length - 1) }),
    () => ({ body, reset: true }),
    () => ({ status: 500 }),
    () => ({ status: 502 }),
    () => ({ status: 429 }),
    () => ({ status: 429, retryAfter: 1 }),
    () => ({ status: 503 }),
    () => ({ retryAfter: 1 }),
    () => ({ body, lyingContentLength: body.length + 100 }),
    () => ({ body, chunked: true, cutAfterBytes: random.between(0, body.length - 1) }),
  ])();
}

it(`imports all of ${ITEMS} videos from an origin that drops connections, is overloaded in bursts and lies`, async () => {
  const { installation, origin, receiver } = scene;
  const random = seededRandom('Faulty origin');
  const urls = urlsBelow(origin, '/shaky', ITEMS);
  for (const url of urls) {
    const path = new URL(url).pathname;
    const body = videoNamed(path, random.between(1, 5) === 1 ? LARGE_BYTES : 0);
    const faults = Array.from({ length: random.between(0, FAULTS_AT_MOST) }, () => anyFault(random, body));
    scene.script(path, faults, { body });
  }
  const posted = await installation.post(await installation.newPartner(), 'shaky', batchOf(urls), {
    webhook: webhookAt(receiver),
  });
  expect(await scene.audit()).toEqual([]);
  expect(await successesOf(posted.id)).toBe(ITEMS);
});

it('never mixes two versions of a file that changes between attempts', async () => {
  const { installation, origin, receiver } = scene;
  const urls = urlsBelow(origin, '/changing', 12);
  for (const [n, url] of urls.entries()) {
    const path = new URL(url).pathname;
    const versions = [1, 2, 3].map((version) => videoNamed(`${path} ${version}`, LARGE_BYTES + n));
    // All of the same length: with an entity tag, with only a date, and without any validator.
    const marks: Array<Partial<Answer>> = [{ etag: '"1"' }, { etag: '"2"' }, { etag: '"3"' }].map(
      (mark, version) =>
        n % 3 === 0
          ? mark
          : { etag: false, ...(n % 3 === 1 && { lastModified: new Date(Date.UTC(2020, 0, 1 + version)) }) },
    );
    scene.script(
      path,
      [
        { body: versions[0], ...marks[0], cutAfterBytes: Math.floor(LARGE_BYTES / 2) },
        { body: versions[1], ...marks[1], cutAfterBytes: LARGE_BYTES - 1 },
      ],
      { ...marks[2], body: versions[2] },
    );
  }
  const posted = await installation.post(await installation.newPartner(), 'changing', batchOf(urls), {
    webhook: webhookAt(receiver),
  });
  expect(await scene.audit()).toEqual([]);
  expect(await successesOf(posted.id)).toBe(urls.length);
});

it('imports other videos while some hang, and those as well when they resume', async () => {
  const { installation, origin, receiver } = scene;
  const urls = urlsBelow(origin, '/hanging', 12);
  for (const n of [0, 1, 2]) {
    const path = `/hanging/${n}.mp4`;
    origin.script(path, [{ body: videoNamed(path), hang: n === 0 ? 'headers' : 'body' }]);
  }
  const posted = await installation.post(await installation.newPartner(), 'hanging', batchOf(urls), {
    webhook: webhookAt(receiver),
  });
  await until('the other videos', async () => (await successesOf(posted.id)) === 9, {
    explain: () => installation.describe(),
  });
  for (const n of [0, 1, 2]) await origin.waitForRequest(`/hanging/${n}.mp4`);
  await until('the hanging videos', async () => {
    origin.release();
    return (await successesOf(posted.id)) === urls.length;
  });
  expect(await scene.audit()).toEqual([]);
});

async function successesOf(importId: string): Promise<number> {
  const [{ count }] = await scene.installation.query<Array<{ count: number }>>(
    `SELECT count(*)::integer AS count FROM import_items WHERE import_id = $1 AND state = 'success'`,
    [importId],
  );
  return count;
}
