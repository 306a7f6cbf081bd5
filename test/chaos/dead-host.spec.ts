import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../support/free-port.js';
import { startOrigin, type Origin } from '../support/origin.js';
import { videoNamed } from './support/archive.js';
import { BlackHole } from './support/dead-host.js';
import { sized } from './support/form.js';
import { batchOf, webhookAt } from './support/installation.js';
import { openScene, type Scene } from './support/scene.js';
import { until } from './support/until.js';

const WORKERS = sized(2, 1);
const HOSTS = 10;
const ITEMS_PER_HOST = sized(30, 6);

/** Addresses that are hosts of their own; elsewhere than on Linux ports tell hosts apart. */
const addressOf = (n: number): string => (process.platform === 'linux' ? `127.0.0.${n + 2}` : '127.0.0.1');
const DEAD = addressOf(HOSTS);

let scene: Scene;
let origins: Origin[];
beforeAll(async () => {
  scene = await openScene();
  for (let n = 0; n < WORKERS; n += 1) scene.installation.startWorker();
});
afterAll(() => scene.close());
afterEach(() => Promise.all(origins.map((origin) => origin.close())));

async function startAt(host: string, port?: number): Promise<Origin> {
  const origin = await startOrigin({ host, ...(port !== undefined && { port }) });
  origin.serve('/*', (path) => videoNamed(path));
  origins.push(origin);
  return origin;
}

/** A batch in which the dead host comes first and then in every tenth place. */
async function expectOthersFirst(
  systemName: string,
  port: number,
  revive: () => Promise<void>,
): Promise<void> {
  const { installation, receiver } = scene;
  for (let n = 0; n < HOSTS - 1; n += 1) await startAt(addressOf(n));
  const bases = [`http://${DEAD}:${port}`, ...origins.map((origin) => origin.url(''))];
  const urls = Array.from(
    { length: HOSTS * ITEMS_PER_HOST },
    (_, n) => `${bases[n % HOSTS]}/${systemName}/${n}.mp4`,
  );
  const posted = await installation.post(await installation.newPartner(), systemName, batchOf(urls), {
    webhook: webhookAt(receiver),
  });
  const count = async (ofDead: boolean, states: readonly string[]): Promise<number> => {
    const [row] = await installation.query<Array<{ count: number }>>(
      `SELECT count(*)::integer AS count FROM import_items
       WHERE import_id = $1 AND (origin_host = $2) = $3 AND state = ANY($4)`,
      [posted.id, `${DEAD}:${port}`, ofDead, states],
    );
    return row.count;
  };
  await until(
    'the items of the nine other hosts',
    async () => (await count(false, ['success'])) === (HOSTS - 1) * ITEMS_PER_HOST,
    { explain: () => installation.describe() },
  );
  expect(await count(true, ['pending', 'queued', 'running'])).toBe(ITEMS_PER_HOST);

  await revive();
  await scene.audit();
  expect(await count(true, ['success'])).toBe(ITEMS_PER_HOST);
}

describe('one dead host among ten', () => {
  it('that refuses connections holds up nobody else, and its items go on by themselves when it is back', async () => {
    origins = [];
    const port = await freePort();
    await expectOthersFirst('refused', port, async () => {
      await startAt(DEAD, port);
    });
  });

  it('that accepts and never answers holds up nobody else, and its items go on by themselves when it is back', async () => {
    origins = [];
    const port = await freePort();
    const hole = await BlackHole.open(DEAD, port);
    await expectOthersFirst('silent', port, async () => {
      expect(hole.waiting).toBeGreaterThan(0);
      await hole.close();
      await startAt(DEAD, port);
    });
  });
});
