import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { childrenOf, isAlive } from '../../libs/child-pool/src/testing/processes.js';
import {
  defineExtension,
  defineMediaKind,
  defineSettings,
  integer,
  number,
  text,
  type MediaKindPart,
} from '../../src/extension/index.js';
import { Installation, type ItemRow } from './installation.js';

const PROGRAM = pathToFileURL(join(import.meta.dirname, 'processes/isolated.mjs'));
const SETTINGS = {
  HOUSE_GREETING: 'Hello',
  HOUSE_LIMIT: '3',
  WORKER_CONCURRENCY: '8',
  HOST_CONCURRENCY: '8',
  PROBE_PROCESSES: '2',
};

/** The kind of isolated.mjs, as the worker knows it. */
const kind = defineMediaKind({
  name: 'notes',
  noun: 'note',
  maxBytes: 10_000_000,
  types: { 'text/plain': 'txt' },
  facts: {
    heading: text({ description: 'Heading', example: 'Notes' }),
    process: integer({ description: 'Process', example: 1 }),
    weight: number({ description: 'Weight', example: 1 }),
  },
  codes: { NOT_A_NOTE: { sentence: 'The file is not a note', retryable: false } },
  isolate: 'process',
  identifyMb: 100,
  identifyMs: 5_000,
  identify: () => {
    throw new Error('The worker must not identify notes itself');
  },
});
const settings = defineSettings({
  HOUSE_GREETING: text({ description: 'Greeting', example: 'Hello' }),
  HOUSE_LIMIT: integer({ description: 'Limit', example: 3 }),
});
const houseOf = (part: MediaKindPart) => defineExtension({ name: 'house', kinds: [part], settings });

let installation: Installation;

beforeAll(async () => {
  installation = await Installation.open();
  await installation.start([houseOf(kind)], SETTINGS, PROGRAM);
});
afterAll(() => installation?.close());

/** Imports one file per text. */
async function imported(...texts: readonly string[]): Promise<ItemRow[]> {
  const files = texts.map((words, index) => [`${index}`, Buffer.from(words)] as const);
  const id = await installation.importFiles('notes', Object.fromEntries(files));
  await expect
    .poll(() => installation.states(id), { timeout: 150_000 })
    .toEqual(texts.map(() => expect.stringMatching(/^(?:success|failed|skipped)/)));
  return installation.items(id);
}

/** Makes the bytes of a file new, so that the project has not stored them yet. */
const random = (words: string): string => `${words}:${Math.random()}`;

async function headingOf(words: string): Promise<unknown> {
  const [item] = await imported(random(words));
  return item?.result?.['heading'] ?? item;
}

describe('a kind in processes', () => {
  it('identifies files in memory and on disk there', async () => {
    const big = 'b'.repeat(2_000_000);
    const [small, large] = await imported(random('a note'), `${big}:${Math.random()}`);
    expect([small?.state, small?.result?.['heading']]).toEqual(['success', 'a note']);
    expect([large?.state, large?.result?.['heading']]).toEqual(['success', 'bbbbbbbbbb']);
    expect(small?.result?.['process']).not.toBe(process.pid);
  });

  it('tells what the file and the item are', async () => {
    const told = JSON.parse(String(await headingOf('item')));
    expect(told).toEqual([
      'object',
      expect.any(Number),
      expect.stringMatching(/^[0-9a-f]{64}$/),
      true,
      {
        kind: 'notes',
        projectId: await installation.projectId(),
        importId: expect.any(String),
        systemName: 'archive',
        externalId: '0',
        title: '0',
        sequence: 'bigint',
        lastCode: null,
      },
    ]);
  });

  it('has the settings of its extension, and nothing else of the environment', async () => {
    expect(await headingOf('settings')).toBe('Hello 4');
    const names = String(await headingOf('environment')).split(',');
    expect(names).toContain('PATH');
    expect(names.filter((name) => /DATABASE|REDIS|TOKEN|HOUSE|REELPORT|VITEST/.test(name))).toEqual([]);
  });

  it('fails with its own codes, as in the worker', async () => {
    const items = await imported(random('refuse'), random('refuse for now'));
    expect(items.map(({ state, code, reason }) => `${state} ${code}: ${reason}`)).toEqual([
      'failed NOT_A_NOTE: The file is not a note: it is a poem',
      'failed NOT_A_NOTE: The file is not a note',
    ]);
  });

  it.each([
    ['refuse otherwise', 'failed with an undeclared code code=NOT_DECLARED'],
    ['throw', 'a bug of the house'],
    ['provide', 'has no providers'],
    ['mistype', 'returned an undeclared type mimeType=text/html'],
    ['misname', 'returned facts that do not match its shape fields=colour'],
    ['miss a number', 'returned facts that do not match its shape fields=weight'],
  ])('has its contract checked, as in the worker: %s', async (words, logged) => {
    const [item] = await imported(random(words));
    expect([item?.state, item?.code]).toEqual(['failed', 'INTERNAL']);
    expect(installation.logged).toContain(logged);
  });

  it('writes to the log of the worker', async () => {
    const [one] = await imported(random('log'));
    const [other] = await imported(random('forget to throw'));
    expect([one?.state, other?.state]).toEqual(['success', 'success']);
    expect(installation.logged).toMatch(/a line of the house import=\w+ item=\d+/);
    expect(installation.logged).toMatch(/an error of the house import=[\s\S]*Error: its cause/);
    expect(installation.logged).toContain('did not throw its failure');
  });

  it('goes on when a file ends its process: the file fails for good the second time', async () => {
    const bad = ['abort', 'exit', 'reject', 'loop', 'hoard', 'hoard bytes'].map(random);
    const good = Array.from({ length: 4 }, () => random('good'));
    const items = await imported(...bad, ...good);
    expect(items.map(({ state, code }) => (code === null ? state : `${state} ${code}`))).toEqual([
      ...bad.map(() => 'failed UNREADABLE'),
      ...good.map(() => 'success'),
    ]);
    const attempts = await installation.database.dataSource.query<Array<{ tries: number }>>(
      `SELECT tries FROM import_items WHERE code = 'UNREADABLE'`,
    );
    expect(attempts.map(({ tries }) => tries)).toEqual(bad.map(() => 2));
    for (const failure of ['crashed', 'timed-out', 'out-of-memory'])
      expect(installation.logged).toContain(`ended its process failure=${failure}`);
  });
});

it('The processes of a worker end with it, also while they are busy', async () => {
  const other = await Installation.open();
  // Knows nothing of notes; through it the test accepts imports.
  await other.start([]);
  const worker = spawn(process.execPath, [fileURLToPath(PROGRAM), 'start:worker'], {
    env: { PATH: process.env['PATH'], ...SETTINGS, ...other.environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    await other.importFiles('notes', { note: Buffer.from('loop') });
    const busy = (): number[] =>
      childrenOf(worker.pid ?? 0)
        .filter(({ seconds }) => seconds >= 3)
        .map(({ pid }) => pid);
    await expect.poll(() => busy().length, { timeout: 120_000 }).toBe(1);
    const [child = 0] = busy();
    worker.kill('SIGKILL');
    await expect.poll(() => isAlive(child)).toBe(false);
  } finally {
    worker.kill('SIGKILL');
    await other.close();
  }
});
