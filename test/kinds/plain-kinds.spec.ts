import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  choice,
  defineExtension,
  defineKind,
  integer,
  optional,
  text,
  type KindDefinition,
  type RecordedItem,
} from '../../src/extension/index.js';
import { Installation } from './installation.js';

const item = { language: text({ description: 'Language', example: 'en' }) };
const result = {
  lines: integer({ description: 'Number of lines', example: 2 }),
  quality: optional(choice(['good', 'bad'], { description: 'Quality', example: 'good' })),
};
const codes = { NO_LANGUAGE: { sentence: 'There is no such language', retryable: false } };
interface Captioned {
  lines: number;
}
type Captions = KindDefinition<typeof item, typeof result, typeof codes, Captioned>;
type Recorded = RecordedItem<typeof result>;

const count: Captions['process'] = () => Promise.resolve({ lines: 2 });
const write: Captions['record'] = async (tx, done) => {
  for (const { item: one } of done)
    await tx.query('INSERT INTO captions (id) VALUES ($1)', [`${one.importId} ${one.externalId}`]);
  return done.map(({ outcome }): Recorded => ({ state: 'success', result: { lines: outcome.lines } }));
};

/** What the kind does; set by a test. */
let process: Captions['process'];
let record: Captions['record'];
let settle: NonNullable<Captions['settle']>;
let installation: Installation;

/** A kind that is written in TypeScript, and returns what a kind in JavaScript might return. */
function captions(name: string, more: Partial<Captions> = {}): ReturnType<typeof defineKind> {
  return defineKind<typeof item, typeof result, typeof codes, Captioned>({
    name,
    noun: name.slice(0, -1),
    item,
    result,
    report: ['lines'],
    codes,
    processMs: 5_000,
    host: () => null,
    process: (...given) => process(...given),
    record: (...given) => record(...given),
    settle: (...given) => settle(...given),
    ...more,
  });
}

const busy = { now: 0, most: 0 };

beforeAll(async () => {
  installation = await Installation.open();
  await installation.database.dataSource.query('CREATE TABLE captions (id text PRIMARY KEY)');
  const heavy: Partial<Captions> = {
    atOnce: 2,
    process: async () => {
      busy.now += 1;
      busy.most = Math.max(busy.most, busy.now);
      await new Promise((resolve) => setImmediate(resolve));
      busy.now -= 1;
      return { lines: 1 };
    },
  };
  const hanging: Partial<Captions> = { processMs: 50, process: () => new Promise(() => undefined) };
  const kinds = [captions('captions'), captions('heavies', heavy), captions('hangs', hanging)];
  await installation.start([defineExtension({ name: 'captions', kinds })], {
    WORKER_CONCURRENCY: '8',
    HOST_CONCURRENCY: '1',
  });
});
afterAll(() => installation?.close());
beforeEach(() => {
  process = count;
  record = write;
  settle = () => Promise.resolve();
});

/** As a team might return it that writes JavaScript. */
const returning =
  (value: unknown): Captions['record'] =>
  async (tx, done) => {
    await write(tx, done);
    const good = { state: 'success', result: { lines: 1 } };
    return JSON.parse(JSON.stringify(done.map((one) => (one.item.externalId === 'bad' ? value : good))));
  };

const ENGLISH = { language: 'en' };
const importOne = (): Promise<string> => installation.importItems('captions', { one: ENGLISH });

async function expectStates(id: string, states: readonly string[]): Promise<void> {
  await expect.poll(() => installation.states(id), { timeout: 60_000 }).toEqual(states);
}

async function rowsOf(importId: string): Promise<number> {
  const [row] = await installation.database.dataSource.query<[{ count: number }]>(
    'SELECT count(*)::integer AS count FROM captions WHERE starts_with(id, $1)',
    [importId],
  );
  return row.count;
}

/** Connections on which the worker hears of signals. */
function listeners(): Promise<unknown[]> {
  return installation.database.dataSource.query(
    `SELECT FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = 'reelport signals'`,
  );
}

describe('a plain kind of a team', () => {
  it('records its results with its own tables in one transaction', async () => {
    const seen: unknown[] = [];
    const settled: unknown[] = [];
    process = (one) => {
      seen.push(one);
      return Promise.resolve({ lines: 3 });
    };
    settle = (outcome, recorded) => {
      settled.push([outcome, recorded]);
      return Promise.resolve();
    };
    const id = await importOne();
    await expectStates(id, ['success']);
    expect((await installation.items(id))[0]?.result).toEqual({ lines: 3 });
    expect(await rowsOf(id)).toBe(1);
    expect(seen).toMatchObject([{ kind: 'captions', importId: id, externalId: 'one', fields: ENGLISH }]);
    await expect.poll(() => settled).toEqual([[{ lines: 3 }, { state: 'success', result: { lines: 3 } }]]);
  });

  it('is dispatched when the signal of its acceptance arrives, not only by the next periodic look', async () => {
    await expect.poll(listeners).toHaveLength(1);
  });

  it('skips and fails with its own reasons and codes', async () => {
    process = (one, { fail }) => {
      if (one.fields.language === 'xx') throw fail('NO_LANGUAGE', { clause: 'xx' });
      return Promise.resolve({ lines: 1 });
    };
    record = (_, done) =>
      Promise.resolve(
        done.map((): Recorded => ({ state: 'skipped', reason: 'the same', result: { lines: 1 } })),
      );
    const id = await installation.importItems('captions', { one: ENGLISH, two: { language: 'xx' } });
    await expectStates(id, ['skipped', 'failed NO_LANGUAGE']);
    expect((await installation.items(id)).map(({ reason }) => reason)).toEqual([
      'the same',
      'There is no such language: xx',
    ]);
  });

  it('downloads with the codes of downloads, unless it catches them', async () => {
    const url = installation.origin.url('/missing');
    process = async (one, { download }) => {
      const missing = download(url, { maxBytes: 1_024 });
      if (one.fields.language === 'en') await missing.catch(() => undefined);
      else await missing;
      return { lines: 1 };
    };
    const id = await installation.importItems('captions', { one: ENGLISH, two: { language: 'de' } });
    await expectStates(id, ['success', 'failed HTTP_STATUS']);
    expect((await installation.items(id))[1]?.reason).toBe(
      'Could not download the caption: the server answered 404',
    );
    expect(installation.logged).not.toContain('did not throw its failure');
  });

  it('has no throttle without a host, and processes no more at once than it allows', async () => {
    const items = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [String(i), ENGLISH]));
    const id = await installation.importItems('heavies', items);
    await expectStates(id, Array<string>(40).fill('success'));
    // HOST_CONCURRENCY is 1.
    expect(busy.most).toBe(2);
    expect(await installation.database.dataSource.query('SELECT host FROM origin_hosts')).toEqual([]);
  });

  it('is cut off at its time limit', async () => {
    const id = await installation.importItems('hangs', { one: ENGLISH });
    await expectStates(id, ['failed PROCESSING_TIMED_OUT']);
    expect(installation.logged).toContain('process() of kind "hangs" took longer than 50 ms');
  });

  it('does not get an item that no longer matches its shape', async () => {
    const id = await installation.importItems('captions', { one: { language: 7 } });
    await expectStates(id, ['failed INTERNAL']);
    expect(installation.logged).toContain(
      'process() of kind "captions" cannot take the item fields=language',
    );
  });

  it.each<[fault: string, logged: string, recorded: unknown]>([
    ['nothing', 'fields=lines,state', null],
    ['another state', 'fields=state', { state: 'done', result: { lines: 1 } }],
    ['a reason that is no text', 'fields=reason', { state: 'skipped', reason: 'a\0b', result: { lines: 1 } }],
    ['no result', 'fields=lines', { state: 'success' }],
    ['a field of another type', 'fields=lines', { state: 'success', result: { lines: '1' } }],
    ['another choice', 'fields=quality', { state: 'success', result: { lines: 1, quality: 'best' } }],
    ['an unknown field', 'fields=colour', { state: 'success', result: { lines: 1, colour: 'red' } }],
  ])('fails only the items for which it returns %s', async (_, logged, recorded) => {
    record = returning(recorded);
    const id = await installation.importItems('captions', { good: ENGLISH, bad: ENGLISH, fine: ENGLISH });
    await expectStates(id, ['success', 'failed INTERNAL', 'success']);
    expect(installation.logged).toContain(
      `record() of kind "captions" returned a result that does not match its shape ${logged}`,
    );
    expect(await rowsOf(id)).toBe(2);
  });

  it.each<[fault: string, logged: string, record: Captions['record']]>([
    ['throws', 'No such table', () => Promise.reject(new Error('No such table'))],
    ['returns too few results', 'did not return one result for each of 1 items', () => Promise.resolve([])],
    [
      'throws what looks like an outage of our database',
      'connect ECONNREFUSED',
      () => Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })),
    ],
    [
      'sends a wrong statement',
      'relation "nowhere" does not exist',
      async (tx) => tx.query('SELECT * FROM nowhere'),
    ],
    [
      'is cancelled by the server each time',
      'canceling statement due to statement timeout',
      async (tx) => {
        await tx.query(`SET LOCAL statement_timeout = 1`);
        return tx.query('SELECT pg_sleep(60)');
      },
    ],
    [
      'commits',
      'can only be used in transaction blocks',
      async (tx, done) => {
        const recorded = await write(tx, done);
        await tx.query('COMMIT');
        return recorded;
      },
    ],
    [
      'releases the connection',
      'record() of kind "captions" failed',
      async (tx, done) => {
        const recorded = await write(tx, done);
        await tx.queryRunner?.release();
        return recorded;
      },
    ],
    [
      'ends its session',
      'record() of kind "captions" failed',
      async (tx) => tx.query('SELECT pg_terminate_backend(pg_backend_pid())'),
    ],
  ])('that %s while it records costs one attempt of its items', async (_, logged, recorded) => {
    record = recorded;
    const id = await importOne();
    await expectStates(id, ['failed INTERNAL']);
    expect(installation.logged).toContain(logged);
    record = write;
    const next = await importOne();
    await expectStates(next, ['success']);
  });

  it('repeats a deadlock at once', async () => {
    let calls = 0;
    record = async (tx, done) => {
      calls += 1;
      if (calls < 3)
        await tx.query(`DO $$ BEGIN RAISE 'deadlock' USING ERRCODE = 'deadlock_detected'; END $$`);
      return write(tx, done);
    };
    const id = await importOne();
    await expectStates(id, ['success']);
    expect(calls).toBe(3);
  });

  it('that hangs or fails while it tidies up delays none of its items', async () => {
    settle = () => new Promise(() => undefined);
    const items = Object.fromEntries(Array.from({ length: 8 }, (_, i) => [String(i), ENGLISH]));
    const id = await installation.importItems('captions', items);
    await expectStates(id, Array<string>(8).fill('success'));
    settle = () => Promise.reject(new Error('Cannot tidy up'));
    // The places are free again after one time limit, not after eight.
    const next = await importOne();
    await expectStates(next, ['success']);
    await expect.poll(() => installation.logged).toContain('Cannot tidy up');
  });
});
