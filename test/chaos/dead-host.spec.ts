import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FIRST_SHARE } from '../../src/imports/hosts/host-signs.js';
import { freePort } from '../support/free-port.js';
import { startOrigin, type Origin } from '../support/origin.js';
import { videoNamed } from './support/archive.js';
import { BlackHole } from './support/dead-host.js';
import { sized } from './support/form.js';
import { batchOf, webhookAt } from './support/chaos-installation.js';
import { openScene, type Scene } from './support/scene.js';
import { until } from '../support/until.js';

const WORKERS = sized(2, 1);
const HOSTS = 10;
const ITEMS_PER_HOST = sized(30, 6);
/** More than all workers can run at once. */
const DEAD_ITEMS = 40;

/** Addresses that count as separate hosts. Outside of Linux, ports separate the hosts instead. */
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

interface Outcome {
  /** Unfinished items of the dead host when all others had finished. */
  pending: number;
  /** Faults that the audit found after the host had come back. */
  faults: string[];
  /** Items of the dead host that were finally imported. */
  imported: number;
}

const EXPECTED: Outcome = { pending: DEAD_ITEMS, faults: [], imported: DEAD_ITEMS };

/** Imports a batch that begins with enough items of the dead host to occupy all workers. */
async function importAmongTen(
  systemName: string,
  port: number,
  revive: () => Promise<void>,
): Promise<Outcome> {
  const { installation, receiver } = scene;
  for (let n = 0; n < HOSTS - 1; n += 1) await startAt(addressOf(n));
  const urlsAt = (base: string, count: number): string[] =>
    Array.from({ length: count }, (_, n) => `${base}/${systemName}/${n}.mp4`);
  const urls = [
    ...urlsAt(`http://${DEAD}:${port}`, DEAD_ITEMS),
    ...origins.flatMap((origin) => urlsAt(origin.url(''), ITEMS_PER_HOST)),
  ];
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
  const pending = await count(true, ['pending', 'queued', 'running']);
  await revive();
  return { pending, faults: await scene.audit(), imported: await count(true, ['success']) };
}

describe('a dead host among ten', () => {
  it('that refuses connections delays no other host, and its items resume when it is back', async () => {
    origins = [];
    const port = await freePort();
    const outcome = await importAmongTen('refused', port, async () => {
      await startAt(DEAD, port);
    });
    expect(outcome).toEqual(EXPECTED);
  });

  it('that accepts connections and never answers delays no other host, and its items resume when it is back', async () => {
    origins = [];
    const port = await freePort();
    const hole = await BlackHole.open(DEAD, port);
    const outcome = await importAmongTen('silent', port, async () => {
      await hole.close();
      await startAt(DEAD, port);
    });
    expect(outcome).toEqual(EXPECTED);
    // A host without history gets a few slots, never all of them.
    expect(hole.peak).toBe(FIRST_SHARE);
  });
});
