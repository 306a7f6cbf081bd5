import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  defineExtension,
  defineMediaKind,
  defineStep,
  type Extension,
  type StepPart,
} from '../../src/extension/index.js';
import { Installation } from './installation.js';

const KINDS = ['ordered', 'others', 'repeated', 'scanned', 'forgotten', 'failing', 'late'];

let installation: Installation;
let seen: string[];
/** What the step of `failing` does with the item `bad`; set by a test. */
let fault: StepPart['run'];
let rejectLate: ((error: Error) => void) | undefined;

const notes = defineExtension({
  name: 'notes',
  kinds: KINDS.map((name) =>
    defineMediaKind({
      name,
      noun: `${name}_note`,
      maxBytes: 1_000,
      types: { 'text/plain': 'txt' },
      facts: {},
      codes: {},
      identify: () => {
        seen.push('identify');
        return Promise.resolve({ mimeType: 'text/plain' as const, facts: {} });
      },
    }),
  ),
});

/** An extension with one step for a kind, which notes that it ran. */
function step(kind: string, name: string, more: Partial<StepPart> = {}): Extension {
  const one = defineStep({
    name,
    kinds: [kind],
    before: 'identify',
    timeoutMs: 10_000,
    codes: { INFECTED: { sentence: 'The {noun} is infected', retryable: false } },
    run: () => {
      seen.push(name);
      return Promise.resolve();
    },
    ...more,
  });
  return defineExtension({ name, steps: [one] });
}

const scan: StepPart['run'] = async ({ stream }, { fail }) => {
  seen.push('scan');
  if (String(await buffer(stream())).includes('virus')) throw fail('INFECTED');
};

const forgetsToThrow: StepPart['run'] = (_, { fail }) => {
  fail('INFECTED');
  return Promise.resolve();
};

beforeAll(async () => {
  installation = await Installation.open();
  await installation.start([
    step('ordered', 'third', { before: 'store' }),
    step('ordered', 'first'),
    notes,
    step('ordered', 'second'),
    step('ordered', 'fourth', { before: 'store' }),
    step('repeated', 'new'),
    step('repeated', 'every', { files: 'every' }),
    step('repeated', 'new, stored', { before: 'store' }),
    step('repeated', 'every, stored', { before: 'store', files: 'every' }),
    step('scanned', 'scan', { run: scan }),
    step('forgotten', 'forgets', { run: forgetsToThrow }),
    step('failing', 'fails', {
      timeoutMs: 50,
      run: async (file, tools) => {
        if (tools.item.externalId === 'bad') await fault(file, tools);
      },
    }),
    step('late', 'late', {
      timeoutMs: 50,
      run: () => new Promise((_resolve, reject) => (rejectLate = reject)),
    }),
  ]);
});
afterAll(() => installation?.close());
beforeEach(() => {
  seen = [];
});

const isFinal = (state: string): boolean => /^(success|skipped|failed)/.test(state);

/** Imports a file. @returns how its item ended */
async function importOne(kind: string, content: string): Promise<string[]> {
  const id = await installation.importFiles(kind, { one: Buffer.from(content) });
  const hasEnded = async (): Promise<boolean> => (await installation.states(id)).every(isFinal);
  await expect.poll(hasEnded, { timeout: 60_000 }).toBe(true);
  return installation.states(id);
}

describe('steps of extensions', () => {
  it('run in the order of the list, before what they name', async () => {
    await importOne('ordered', 'one');
    expect(seen).toEqual(['first', 'second', 'identify', 'third', 'fourth']);
  });

  it('run for their kinds only', async () => {
    await importOne('others', 'one');
    expect(seen).toEqual(['identify']);
  });

  it('run for bytes that are stored already only if they want every file', async () => {
    await importOne('repeated', 'the same');
    expect(seen).toEqual(['new', 'every', 'identify', 'new, stored', 'every, stored']);
    seen = [];
    // From another URL.
    expect(await importOne('repeated', 'the same')).toEqual(['skipped']);
    expect(seen).toEqual(['every', 'every, stored']);
  });

  it('keep a file out of the library, every time', async () => {
    expect(await importOne('scanned', 'a virus')).toEqual(['failed INFECTED']);
    expect(await importOne('scanned', 'a virus')).toEqual(['failed INFECTED']);
    expect(await importOne('scanned', 'a letter')).toEqual(['success']);
    expect(seen).toEqual(['scan', 'scan', 'scan', 'identify']);
    const count = `SELECT count(*)::integer AS count FROM assets WHERE kind = 'scanned'`;
    expect(await installation.database.dataSource.query(count)).toEqual([{ count: 1 }]);
  });

  it('say so if they create a failure and do not throw it', async () => {
    expect(await importOne('forgotten', 'a virus')).toEqual(['success']);
    expect(installation.logged).toContain('Step "forgets" for kind "forgotten" did not throw its failure');
  });

  it.each<[fault: string, code: string, run: StepPart['run']]>([
    ['throws', 'INTERNAL', () => Promise.reject(new Error('No scanner'))],
    [
      'throws what looks like an outage of our database',
      'INTERNAL',
      () => Promise.reject(Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' })),
    ],
    ['hangs', 'PROCESSING_TIMED_OUT', () => new Promise(() => undefined)],
  ])('that %s costs one attempt of one item', async (what, code, run) => {
    fault = run;
    const files = { bad: Buffer.from(`bad ${what}`), good: Buffer.from(`good ${what}`) };
    const id = await installation.importFiles('failing', files);
    await expect
      .poll(() => installation.states(id), { timeout: 60_000 })
      .toEqual([`failed ${code}`, 'success']);
    expect(installation.logged).toContain('Step "fails" for kind "failing"');
    expect(installation.logged).not.toContain('Database is unavailable');
  });

  it('do not end the process by what they do after they were abandoned', async () => {
    expect(await importOne('late', 'one')).toEqual(['failed PROCESSING_TIMED_OUT']);
    const unhandled: unknown[] = [];
    const note = (error: unknown): void => void unhandled.push(error);
    process.on('unhandledRejection', note);
    rejectLate?.(new Error('Too late'));
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', note);
    expect(rejectLate).toBeDefined();
    expect(unhandled).toEqual([]);
  });
});
