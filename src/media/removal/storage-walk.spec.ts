import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { assert, date, nat, property } from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LocalStorage, newKey, type Storage, type StoredObject } from '#libs/storage';
import { childrenOf } from './key-prefixes.js';
import { StorageWalk } from './storage-walk.js';

const LIMITS = { perSlice: 5, perRun: 40 };
/** Maximum number of keys that a run lists, including its last listing. */
const MOST_LISTED = LIMITS.perRun + LIMITS.perSlice + 1;

let root: string;
let listed: number;
let broken: boolean;
let storage: Pick<Storage, 'list'>;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'walk-'));
  const local = new LocalStorage({ root });
  listed = 0;
  broken = false;
  storage = {
    async *list(prefix) {
      if (broken) throw new Error('The storage is unavailable');
      for await (const object of local.list(prefix)) {
        listed++;
        yield object;
      }
    },
  };
});

afterEach(() => rm(root, { recursive: true }));

async function fill(days: readonly string[], perDay: number): Promise<string[]> {
  const keys = days.flatMap((day) => Array.from({ length: perDay }, () => newKey('mp4', new Date(day))));
  for (const key of keys) {
    await mkdir(join(root, dirname(key)), { recursive: true });
    await writeFile(join(root, key), '');
  }
  return keys.toSorted();
}

async function run(walk: StorageWalk): Promise<string[]> {
  const slices: StoredObject[][] = [];
  for await (const slice of walk.run(new AbortController().signal)) slices.push(slice);
  for (const slice of slices) expect(slice.length).toBeLessThanOrEqual(LIMITS.perSlice);
  // The order within a slice is undefined.
  return slices.flatMap((slice) => slice.map(({ key }) => key).toSorted());
}

/** Runs until everything was visited once. */
async function round(walk: StorageWalk, count: number): Promise<{ keys: string[]; runs: number }> {
  const keys: string[] = [];
  let runs = 0;
  while (keys.length < count && runs < 1_000) {
    listed = 0;
    keys.push(...(await run(walk)));
    expect(listed).toBeLessThanOrEqual(MOST_LISTED);
    runs++;
  }
  return { keys, runs };
}

describe('a walk', () => {
  it('visits every key, oldest day first, in bounded runs, then starts again', async () => {
    const keys = await fill(['1999-12-31', '2026-01-05', '2026-01-15', '2026-11-28'], 12);
    const walk = new StorageWalk(storage, LIMITS);
    const first = await round(walk, keys.length);
    expect(first.keys).toEqual(keys);
    expect(first.runs).toBeGreaterThan(1);
    expect((await round(walk, keys.length)).keys).toEqual(keys);
  });

  it('needs one listing for a small storage', async () => {
    const keys = await fill(['1999-12-31', '2026-11-28'], 2);
    expect(await run(new StorageWalk(storage, LIMITS))).toEqual(keys);
    expect(listed).toBe(keys.length);
  });

  it('repeats a failed listing', async () => {
    const keys = await fill(['2026-01-05', '2026-11-28'], 12);
    const walk = new StorageWalk(storage, LIMITS);
    const seen = await run(walk);
    broken = true;
    await expect(run(walk)).rejects.toThrow('The storage is unavailable');
    broken = false;
    const { keys: others } = await round(walk, keys.length - seen.length);
    expect([...seen, ...others]).toEqual(keys);
  });

  it('visits a slice again if its reader failed', async () => {
    const keys = await fill(['2026-01-05'], 3);
    const walk = new StorageWalk(storage, LIMITS);
    for await (const slice of walk.run(new AbortController().signal)) {
      expect(slice).toHaveLength(3);
      break;
    }
    expect(await run(walk)).toEqual(keys);
  });

  it('lists nothing after an abort', async () => {
    await fill(['2026-01-05'], 3);
    for await (const _ of new StorageWalk(storage, LIMITS).run(AbortSignal.abort())) expect.unreachable();
  });
});

it('orders child prefixes so that every key has exactly one', () => {
  assert(
    property(
      date({ min: new Date('1970-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
      nat(45),
      (day, length) => {
        const key = newKey('mp4', day);
        const children = childrenOf(key.slice(0, length));
        expect(children.filter((child) => key.startsWith(child))).toHaveLength(1);
        expect(children).toEqual(children.toSorted());
      },
    ),
  );
});
