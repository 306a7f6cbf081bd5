import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { assert, date, nat, property } from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LocalStorage, newKey, type Storage, type StoredObject } from '#libs/storage';
import { childrenOf } from './key-prefixes.js';
import { StorageWalk } from './storage-walk.js';

const LIMITS = { perSlice: 5, perTurn: 40 };
/** What a turn can list beyond its limit: the listing that it is at. */
const MOST_LISTED = LIMITS.perTurn + LIMITS.perSlice + 1;

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

async function turn(walk: StorageWalk): Promise<string[]> {
  const slices: StoredObject[][] = [];
  for await (const slice of walk.turn(new AbortController().signal)) slices.push(slice);
  for (const slice of slices) expect(slice.length).toBeLessThanOrEqual(LIMITS.perSlice);
  // Within a slice there is no order.
  return slices.flatMap((slice) => slice.map(({ key }) => key).toSorted());
}

/** Turns until everything was seen once. */
async function round(walk: StorageWalk, count: number): Promise<{ keys: string[]; turns: number }> {
  const keys: string[] = [];
  let turns = 0;
  while (keys.length < count && turns < 1_000) {
    listed = 0;
    keys.push(...(await turn(walk)));
    expect(listed).toBeLessThanOrEqual(MOST_LISTED);
    turns++;
  }
  return { keys, turns };
}

describe('a walk', () => {
  it('visits every key, oldest day first, in turns of a bounded length, then begins again', async () => {
    const keys = await fill(['1999-12-31', '2026-01-05', '2026-01-15', '2026-11-28'], 12);
    const walk = new StorageWalk(storage, LIMITS);
    const first = await round(walk, keys.length);
    expect(first.keys).toEqual(keys);
    expect(first.turns).toBeGreaterThan(1);
    expect((await round(walk, keys.length)).keys).toEqual(keys);
  });

  it('takes one listing where there is little', async () => {
    const keys = await fill(['1999-12-31', '2026-11-28'], 2);
    expect(await turn(new StorageWalk(storage, LIMITS))).toEqual(keys);
    expect(listed).toBe(keys.length);
  });

  it('goes on after a failure with what it was about to list', async () => {
    const keys = await fill(['2026-01-05', '2026-11-28'], 12);
    const walk = new StorageWalk(storage, LIMITS);
    const seen = await turn(walk);
    broken = true;
    await expect(turn(walk)).rejects.toThrow('The storage is unavailable');
    broken = false;
    const { keys: others } = await round(walk, keys.length - seen.length);
    expect([...seen, ...others]).toEqual(keys);
  });

  it('visits a slice again that its reader could not finish', async () => {
    const keys = await fill(['2026-01-05'], 3);
    const walk = new StorageWalk(storage, LIMITS);
    for await (const slice of walk.turn(new AbortController().signal)) {
      expect(slice).toHaveLength(3);
      break;
    }
    expect(await turn(walk)).toEqual(keys);
  });

  it('begins nothing when it is to stop', async () => {
    await fill(['2026-01-05'], 3);
    for await (const _ of new StorageWalk(storage, LIMITS).turn(AbortSignal.abort())) expect.unreachable();
  });
});

it('every key is below exactly one of the longer prefixes, which are in its order', () => {
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
