import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createToken } from '../support/accounts.js';
import { ClientCommand } from '../support/client-command.js';
import { peakMemory } from '../support/peak-memory.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';
import { openScene, type Scene } from './support/scene.js';
import { sized } from './support/form.js';

/** `CLIENT_ROWS=100000 npm run test:chaos -- test/chaos/client.spec.ts` */
const ROWS = Number(process.env['CLIENT_ROWS'] ?? sized(10_000, 1_000));
const BATCHES = 20;
const BATCH = Math.ceil(ROWS / BATCHES);
const CUT_MS = sized(60_000, 0);
const TIMEOUT_MS = 600_000 + 60 * ROWS;
const MOST_MEMORY = 150 * 1_024 * 1_024;
const SYSTEM = 'proof';

let scene: Scene;
let network: TcpProxy;
let folder: string;
let environment: Record<string, string>;
let command: ClientCommand;
/** Of any process of the command, in bytes. */
let memory = 0;

beforeAll(async () => {
  scene = await openScene();
  network = await startTcpProxy(scene.installation.url);
  folder = await mkdtemp(join(tmpdir(), 'reelport-client-chaos-'));
});
afterAll(async () => {
  if (command?.isRunning) await command.kill('SIGKILL');
  await scene.close();
  await network.cut();
  await rm(folder, { recursive: true, force: true });
});

const idOf = (index: number): string => `v${index}`;
const urlOf = (index: number): string => scene.origin.url(`/list/${index}.mp4`);

function* linesOfList(): Generator<string> {
  yield 'id,title,url\n';
  for (let index = 0; index < ROWS; index += 1) yield `${idOf(index)},Video ${index},${urlOf(index)}\n`;
}

const start = (...args: string[]): ClientCommand => new ClientCommand(args, environment);

const count = async (sql: string): Promise<number> => {
  const [row] = await scene.installation.query<[{ count: number }]>(sql);
  return row.count;
};

/** Polls, and watches the memory of the command. */
async function untilCount(what: string, sql: string, wanted: number): Promise<void> {
  await until(what, async () => measure() && (await count(sql)) >= wanted, {
    timeoutMs: TIMEOUT_MS,
    explain: () => command.stderr.slice(-2_000),
  });
}

function measure(): true {
  if (command.isRunning) memory = Math.max(memory, peakMemory(command.pid) || 0);
  return true;
}

const accepted = (batches: number): Promise<void> =>
  untilCount(`${batches} batches`, 'SELECT count(*)::integer AS count FROM imports', batches);
const finished = (share: number): Promise<void> =>
  untilCount(
    `${share} of all items`,
    `SELECT count(*)::integer AS count FROM import_items WHERE finished_at IS NOT NULL`,
    Math.floor(share * ROWS),
  );

it(
  `imports ${ROWS} rows exactly once although its client is killed three times, the server twice, and the network is cut`,
  { timeout: TIMEOUT_MS },
  async () => {
    const { installation } = scene;
    const partner = await installation.newPartner();
    environment = {
      REELPORT_URL: network.url,
      REELPORT_TOKEN: await createToken(installation, partner.project, undefined, 24 * 3_600_000),
      XDG_CONFIG_HOME: folder,
    };
    const [list, results] = [join(folder, 'list.csv'), join(folder, 'results.csv')];
    await pipeline(Readable.from(linesOfList()), createWriteStream(list));
    const run = (): void => {
      command = start('import', list, '--system', SYSTEM, '--batch', String(BATCH), '--result', results);
    };
    const killClient = async (): Promise<void> => {
      measure();
      expect(await command.kill('SIGKILL')).toBeNull();
      run();
    };

    run();
    await accepted(2);
    await killClient();
    await accepted(6);
    await installation.api.end('SIGKILL');
    await installation.startApi();
    await accepted(10);
    await killClient();
    await accepted(14);
    if (CUT_MS > 0) network.silence();
    else await network.cut();
    await wait(CUT_MS);
    if (CUT_MS > 0) network.resume();
    else {
      await until('the command to notice', () => command.stderr.includes('No answer'));
      await network.mend();
    }
    await accepted(BATCHES);
    // Only now can an item finish, so that none of the kills comes too late.
    const worker = installation.startWorker();
    await finished(0.3);
    await killClient();
    await finished(0.6);
    await Promise.all([installation.api.end('SIGKILL'), worker.end('SIGKILL')]);
    await installation.startApi();
    installation.startWorker();
    await until('the command to end', () => measure() && !command.isRunning, { timeoutMs: TIMEOUT_MS });

    expect({ code: await command.end(), stderr: command.stderr }).toEqual({
      code: 0,
      stderr: expect.stringContaining(`${ROWS} videos: ${ROWS} imported, 0 skipped, 0 failed`),
    });
    const [, ...lines] = (await readFile(results, 'utf8')).trimEnd().split('\n');
    const ids = lines.map((line) => line.split(',')[0]);
    expect({ lines: lines.length, ids: new Set(ids).size }).toEqual({ lines: ROWS, ids: ROWS });

    const { batches }: { batches: Array<{ importId: string }> } = JSON.parse(
      await readFile(`${list}.reelport.json`, 'utf8'),
    );
    batches.forEach(({ importId }, batch) => {
      const indexes = Array.from(
        { length: Math.min(BATCH, ROWS - batch * BATCH) },
        (_, n) => batch * BATCH + n,
      );
      installation.remember({
        id: importId,
        partner,
        systemName: SYSTEM,
        videos: indexes.map((n) => ({ id: idOf(n), url: urlOf(n), fileName: `Video ${n}`, metadata: {} })),
        ends: 1,
      });
    });
    expect(await scene.audit()).toEqual([]);

    const reconciled = start('reconcile', list, '--system', SYSTEM);
    expect({ code: await reconciled.end(), stderr: reconciled.stderr }).toEqual({
      code: 0,
      stderr: expect.stringContaining(`${ROWS} match, 0 missing, 0 extra, 0 different, 0 faults`),
    });
    expect(memory).toBeGreaterThan(0);
    expect(memory).toBeLessThan(MOST_MEMORY);
  },
);
