import { createReadStream, existsSync } from 'node:fs';
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { INestApplicationContext } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newKey } from '#libs/storage';
import {
  defineExtension,
  defineMediaKind,
  integer,
  optional,
  text,
  type FileInHand,
  type MediaKindDefinition,
  type MediaKindPart,
} from '../../src/extension/index.js';
import { Removal } from '../../src/media/removal/removal.js';
import { setMetadataSchema } from '../support/accounts.js';
import { Installation } from './installation.js';

const facts = {
  letters: integer({ description: 'Number of letters', example: 4 }),
  title: text({ description: 'First line', example: 'Notes', inStatus: false }),
  author: optional(text({ description: 'Author', example: 'Jane Doe' })),
};
const codes = { NOT_A_NOTE: { sentence: 'The file is not a {noun}', retryable: false } };
type Notes = MediaKindDefinition<typeof facts, 'text/plain', typeof codes>;

/** A kind `notes` or like it. */
function notes(identify: Notes['identify'], more: Partial<Notes> = {}): MediaKindPart {
  return defineMediaKind({
    name: 'notes',
    noun: 'note',
    maxBytes: () => 10_000_000,
    types: { 'text/plain': 'txt' },
    facts,
    codes,
    identify,
    ...more,
  });
}

const YESTERDAY = new Date(Date.now() - 86_400_000);
const GOOD = { mimeType: 'text/plain', facts: { letters: 4, title: 'Note' } } as const;
const good: Notes['identify'] = () => Promise.resolve(GOOD);
const note = (): Record<string, Buffer> => ({ note: Buffer.from(`note ${Math.random()}`) });

class Dictionary {
  readonly words = 3;
}

class DictionaryModule {}

const busy = { now: 0, most: 0 };
let signal: AbortSignal | undefined;
/** What `notes` do; set by a test. */
let identify: Notes['identify'];
let installation: Installation;
let worker: INestApplicationContext;

beforeAll(async () => {
  const kinds = [
    notes((file, tools) => identify(file, tools)),
    notes(good, { name: 'strict', noun: 'strictNote' }),
    notes(countBusy, { name: 'heavies', noun: 'heavy', atOnce: 2 }),
    notes(
      (_, tools) => {
        ({ signal } = tools);
        return new Promise(() => undefined);
      },
      { name: 'hangs', noun: 'hang', identifyMs: 100, atOnce: 1 },
    ),
  ];
  installation = await Installation.open();
  worker = await installation.start(
    [
      defineExtension({
        name: 'house',
        kinds,
        worker: [{ module: DictionaryModule, providers: [Dictionary] }],
      }),
    ],
    { WORKER_CONCURRENCY: '8', HOST_CONCURRENCY: '8' },
  );
});
afterAll(() => installation?.close());
beforeEach(() => {
  identify = good;
});

async function countBusy({ stream }: FileInHand): Promise<typeof GOOD> {
  busy.now += 1;
  busy.most = Math.max(busy.most, busy.now);
  await buffer(stream());
  await new Promise((resolve) => setImmediate(resolve));
  busy.now -= 1;
  return GOOD;
}

/** As a team might return it that writes JavaScript. */
const returning =
  (value: unknown): Notes['identify'] =>
  () =>
    JSON.parse(JSON.stringify(value));

describe('a media kind of a team', () => {
  it('imports files with its facts, each type with its extension', async () => {
    const id = await installation.importFiles('notes', note());
    await expect.poll(() => installation.states(id)).toEqual(['success']);
    const [item] = await installation.items(id);
    expect(item?.result).toMatchObject({ mimeType: 'text/plain', letters: 4 });
    expect(item?.result).not.toHaveProperty('title');
    expect(item?.result?.['storageKey']).toMatch(/\.txt$/);
    const [{ facts: stored }] = await installation.database.dataSource.query<[{ facts: object }]>(
      `SELECT facts FROM assets WHERE kind = 'notes'`,
    );
    expect(stored).toEqual({ letters: 4, title: 'Note' });
  });

  it.each([
    ['in memory', 1_000],
    ['on disk', 2_000_000],
  ])('reads a file %s as a stream, several times', async (_, size) => {
    const bytes = Buffer.alloc(size, 'x');
    const seen: Buffer[] = [];
    let form: string | undefined;
    identify = async ({ stream, source }) => {
      form = typeof source;
      seen.push(await buffer(stream()), await buffer(stream()));
      return GOOD;
    };
    const id = await installation.importFiles('notes', { note: bytes });
    await expect.poll(() => installation.states(id)).toEqual(['success']);
    expect(form).toBe(size > 1_000_000 ? 'string' : 'object');
    expect(seen.map((one) => one.equals(bytes))).toEqual([true, true]);
  });

  it('fails with its own codes, and with TRUNCATED', async () => {
    identify = ({ size }, { fail }) => {
      throw fail(size > 10 ? 'TRUNCATED' : 'NOT_A_NOTE', {
        clause: 'half\0\u{d800} of\nit',
        retryable: false,
      });
    };
    const id = await installation.importFiles('notes', { short: Buffer.from('x'), long: Buffer.alloc(20) });
    await expect.poll(() => installation.states(id)).toEqual(['failed NOT_A_NOTE', 'failed TRUNCATED']);
    const [short, long] = await installation.items(id);
    expect(short?.reason).toBe('The file is not a note: half \u{fffd} of it');
    expect(long?.reason).toBe('The download is incomplete: half \u{fffd} of it');
  });

  it.each<[fault: string, logged: string, identify: Notes['identify']]>([
    ['another type', 'mimeType=text/html', returning({ ...GOOD, mimeType: 'text/html' })],
    ['a type of every object', 'mimeType=toString', returning({ ...GOOD, mimeType: 'toString' })],
    ['no type', 'mimeType=undefined', returning({ facts: GOOD.facts })],
    ['nothing', 'mimeType=undefined', returning(null)],
    ['no facts', 'fields=letters,title', returning({ mimeType: 'text/plain' })],
    ['a missing fact', 'fields=title', returning({ ...GOOD, facts: { letters: 1 } })],
    ['a fact of another type', 'fields=letters', returning({ ...GOOD, facts: { letters: '1', title: '' } })],
    ['an unknown fact', 'fields=colour', returning({ ...GOOD, facts: { ...GOOD.facts, colour: 'red' } })],
    ['U+0000', 'fields=title', returning({ ...GOOD, facts: { letters: 1, title: 'a\0b' } })],
    [
      'half a surrogate pair',
      'fields=title',
      returning({ ...GOOD, facts: { letters: 1, title: '\u{d800}' } }),
    ],
  ])('fails its own items as INTERNAL if it returns %s', async (_, logged, returns) => {
    identify = returns;
    const id = await installation.importFiles('notes', note());
    await expect.poll(() => installation.states(id)).toEqual(['failed INTERNAL']);
    expect(installation.logged).toMatch(
      new RegExp(`identify\\(\\) of kind "notes" returned .* ${logged} import=${id} item=\\d+`),
    );
  });

  it.each<[error: string, logged: string, identify: Notes['identify']]>([
    ['any error', 'Not a function', () => Promise.reject(new TypeError('Not a function'))],
    [
      'before it waits',
      'At once',
      () => {
        throw new RangeError('At once');
      },
    ],
    ['no error at all', 'nothing', () => Promise.reject('nothing')],
    [
      'what looks like an outage of our database',
      'connect ECONNREFUSED',
      () => Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })),
    ],
    [
      'a stream that cannot be read',
      'ENOENT',
      async () => (await buffer(createReadStream('/no/such')), GOOD),
    ],
    [
      'an undeclared code',
      'failed with an undeclared code code=toString',
      (_, { fail }) => Promise.reject(Reflect.apply(fail, null, ['toString'])),
    ],
  ])('costs one attempt if it throws %s', async (_, logged, throws) => {
    let attempts = 0;
    identify = (...given) => ((attempts += 1), throws(...given));
    const id = await installation.importFiles('notes', note());
    await expect.poll(() => installation.states(id)).toEqual(['failed INTERNAL']);
    expect(attempts).toBe(2);
    expect(installation.logged).toContain(logged);
    expect(installation.logged).not.toContain('Database is unavailable');
  });

  it('is cut off at its time limit, and keeps no place', async () => {
    const id = await installation.importFiles('hangs', { one: Buffer.from('one'), two: Buffer.from('two') });
    await expect
      .poll(() => installation.states(id), { timeout: 60_000 })
      .toEqual(['failed PROCESSING_TIMED_OUT', 'failed PROCESSING_TIMED_OUT']);
    expect(signal?.aborted).toBe(true);
    expect(installation.logged).toContain('identify() of kind "hangs" took longer than 100 ms');
  });

  it('identifies no more files at once than it allows', async () => {
    const files = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [String(i), Buffer.from(`${i}`)]));
    const id = await installation.importFiles('heavies', files);
    await expect
      .poll(async () => new Set(await installation.states(id)), { timeout: 30_000 })
      .toEqual(new Set(['success']));
    expect(busy.most).toBe(2);
  });

  it('gets providers of its worker modules, and a log with the ids of the item', async () => {
    identify = (_, { get, logger }) => {
      logger.warn(`Looked up words=${get(Dictionary).words}`);
      return Promise.resolve(GOOD);
    };
    const id = await installation.importFiles('notes', note());
    await expect.poll(() => installation.states(id)).toEqual(['success']);
    expect(installation.logged).toMatch(new RegExp(`Looked up words=3 import=${id} item=\\d+`));
  });

  it('has a metadata schema of its own', async () => {
    identify = good;
    const { dataSource } = installation.database;
    await setMetadataSchema(dataSource, await installation.projectId(), { required: ['alt'] }, 'strict');
    const [one, two] = await Promise.all([
      installation.importFiles('strict', note()),
      installation.importFiles('notes', note()),
    ]);
    await expect.poll(() => installation.states(one)).toEqual(['failed METADATA_INVALID']);
    await expect.poll(() => installation.states(two)).toEqual(['success']);
  });

  it('keeps its files when files that no row refers to are removed', async () => {
    const id = await installation.importFiles('notes', note());
    await expect.poll(() => installation.states(id)).toEqual(['success']);
    const [item] = await installation.items(id);
    const media = join(installation.environment['DATA_DIR'], 'media');
    const recorded = join(media, String(item?.result?.['storageKey']));
    const unrecorded = join(media, newKey('txt', YESTERDAY));
    await mkdir(dirname(unrecorded), { recursive: true });
    await writeFile(unrecorded, 'a note');
    for (const path of [recorded, unrecorded]) await utimes(path, YESTERDAY, YESTERDAY);
    await worker.get(Removal, { strict: false }).run(new AbortController().signal);
    expect([recorded, unrecorded].map((path) => existsSync(path))).toEqual([true, false]);
  });

  it('runs beside videos', async () => {
    const [one, two] = await Promise.all([
      installation.importFiles('notes', note()),
      installation.importFiles('videos', { text: Buffer.from('no video') }),
    ]);
    await expect.poll(() => installation.states(one)).toEqual(['success']);
    await expect.poll(() => installation.states(two)).toEqual(['failed NOT_A_VIDEO']);
  });
});

it('a kind whose size limit cannot be read stops the start, by name', async () => {
  const kinds = [notes(good, { maxBytes: () => Number('many') })];
  await expect(installation.start([defineExtension({ name: 'house', kinds })])).rejects.toThrow(
    'Kind "notes": maxBytes must be a positive number',
  );
});
