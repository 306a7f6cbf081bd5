import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { access, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer as readAll } from 'node:stream/consumers';
import { newKey } from './storage.key.js';
import type { ObjectMeta, Storage } from './storage.js';

/** One rule of the contract, for any test runner: `test(name, run)`. */
export interface StorageCase {
  readonly name: string;
  /** @throws AssertionError of node:assert if the rule is broken */
  readonly run: () => Promise<void>;
}

/** What the cases work with. */
interface Bench {
  readonly storage: Storage;
  /** Writes a temporary file with random or given bytes. */
  readonly file: (content: number | Buffer) => Promise<TemporaryFile>;
}

interface TemporaryFile {
  readonly path: string;
  readonly bytes: Buffer;
  readonly meta: ObjectMeta;
}

type Rule = readonly [name: string, check: (bench: Bench) => Promise<void>];

const MEGABYTE = 1024 * 1024;
/** Keys begin with the day; nothing else has these. */
const DAYS = [new Date('2001-02-03'), new Date('2001-02-14'), new Date('2001-11-03')];

/**
 * The rules that a storage must keep.
 *
 * @param create creates the storage, once for all cases; objects of earlier runs may be in it
 * @returns cases for a test runner: `for (const { name, run } of storageContract(…)) test(name, run)`
 */
export function storageContract(create: () => Storage | Promise<Storage>): StorageCase[] {
  let created: Promise<Storage> | undefined;
  return RULES.map(([name, check]) => ({
    name,
    run: async () => {
      created ??= Promise.resolve(create());
      const storage = await created;
      const folder = await mkdtemp(join(tmpdir(), 'storage-'));
      try {
        await check({ storage, file: (content) => writeTemporary(folder, content) });
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  }));
}

async function writeTemporary(folder: string, content: number | Buffer): Promise<TemporaryFile> {
  const bytes = typeof content === 'number' ? randomBytes(content) : content;
  const path = join(folder, randomUUID());
  await writeFile(path, bytes);
  return { path, bytes, meta: { mimeType: 'video/mp4', size: bytes.length } };
}

async function bytesOf(storage: Storage, key: string): Promise<Buffer> {
  return readAll(await storage.read(key));
}

async function keysOf(storage: Storage, prefix?: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of storage.list(prefix)) keys.push(key);
  return keys.sort();
}

/** Bytes that differ must not be printed. */
function assertSame(found: Buffer, expected: Buffer): void {
  assert.ok(found.equals(expected), 'the stored bytes differ from the given ones');
}

const RULES: readonly Rule[] = [
  [
    'moves a file into the storage and returns its bytes',
    async ({ storage, file }) => {
      const key = newKey('mp4');
      const { path, bytes, meta } = await file(28 * 1024);
      await storage.put(key, path, meta);
      await assert.rejects(access(path), { code: 'ENOENT' });
      assertSame(await bytesOf(storage, key), bytes);
      const found = await storage.stat(key);
      assert.equal(found?.key, key);
      assert.equal(found.size, bytes.length);
      assert.ok(Math.abs(found.modifiedAt.getTime() - Date.now()) < 3_600_000);
    },
  ],
  [
    'stores a file of more than two multipart parts completely',
    async ({ storage, file }) => {
      const key = newKey('webm');
      const { path, bytes, meta } = await file(12 * MEGABYTE + 17);
      await storage.put(key, path, meta);
      assertSame(await bytesOf(storage, key), bytes);
    },
  ],
  [
    'reads ranges with the semantics of HTTP',
    async ({ storage, file }) => {
      const key = newKey('mp4');
      const { path, meta } = await file(Buffer.from('0123456789'));
      await storage.put(key, path, meta);
      const range = async (start: number, end: number): Promise<string> =>
        (await readAll(await storage.read(key, { start, end }))).toString();
      assert.equal(await range(2, 4), '234');
      assert.equal(await range(0, 0), '0');
      assert.equal(await range(8, 99), '89');
      await assert.rejects(storage.read(key, { start: 10, end: 12 }), { code: 'RANGE' });
    },
  ],
  [
    'never overwrites',
    async ({ storage, file }) => {
      const key = newKey('mp4');
      const first = await file(100);
      await storage.put(key, first.path, first.meta);
      for (const size of [200, 6 * MEGABYTE]) {
        const second = await file(size);
        await assert.rejects(storage.put(key, second.path, second.meta), {
          name: 'StorageError',
          code: 'EXISTS',
          temporary: false,
        });
        assert.equal((await stat(second.path)).size, size);
      }
      assertSame(await bytesOf(storage, key), first.bytes);
    },
  ],
  [
    'deletes idempotently',
    async ({ storage, file }) => {
      const key = newKey('mp4');
      const { path, meta } = await file(10);
      await storage.put(key, path, meta);
      await storage.delete(key);
      await storage.delete(key);
      assert.equal(await storage.stat(key), null);
      await assert.rejects(storage.read(key), { code: 'NOT_FOUND' });
    },
  ],
  [
    'lists the objects under a prefix',
    async ({ storage, file }) => {
      const keys: string[] = [];
      for (const day of [...DAYS, ...DAYS]) {
        const key = newKey('mp4', day);
        const { path, meta } = await file(keys.length + 1);
        await storage.put(key, path, meta);
        keys.push(key);
      }
      try {
        const under = (prefix: string): string[] => keys.filter((key) => key.startsWith(prefix)).sort();
        for (const prefix of ['2001', '2001/02/', '2001/02/1', '2001/02/03/', under('2001')[0]]) {
          assert.deepEqual(await keysOf(storage, prefix), under(prefix));
        }
        assert.deepEqual(await keysOf(storage, '2002/'), []);
        const all = new Set(await keysOf(storage));
        assert.ok(keys.every((key) => all.has(key)));
        for await (const { key, size } of storage.list(keys[4]))
          assert.deepEqual({ key, size }, { key, size: 5 });
      } finally {
        // For the next run on the same storage.
        for (const key of keys) await storage.delete(key);
      }
    },
  ],
  [
    'refuses a file of another size than announced, or a missing one',
    async ({ storage, file }) => {
      const { path, meta } = await file(10);
      const key = newKey('mp4');
      const longer = { ...meta, size: 11 };
      await assert.rejects(storage.put(key, path, longer), { code: 'SIZE_MISMATCH' });
      await assert.rejects(storage.put(key, `${path}.gone`, meta), { code: 'NOT_FOUND' });
      assert.equal(await storage.stat(key), null);
    },
  ],
  [
    'refuses foreign keys in every operation',
    async ({ storage, file }) => {
      const { path, bytes, meta } = await file(10);
      const foreign = '../outside.mp4';
      const refusal = { name: 'StorageError', code: 'INVALID_KEY', temporary: false };
      await assert.rejects(storage.put(foreign, path, meta), refusal);
      await assert.rejects(storage.read(foreign), refusal);
      await assert.rejects(storage.stat(foreign), refusal);
      await assert.rejects(storage.delete(foreign), refusal);
      assertSame(await readFile(path), bytes);
    },
  ],
  [
    'does nothing if the signal is already aborted, and rejects with its reason',
    async ({ storage, file }) => {
      const { path, meta } = await file(10);
      const key = newKey('mp4');
      const reason = new Error('shutting down');
      await assert.rejects(
        storage.put(key, path, meta, AbortSignal.abort(reason)),
        (error) => error === reason,
      );
      assert.equal((await stat(path)).size, 10);
      assert.equal(await storage.stat(key), null);
    },
  ],
  [
    'stores many files concurrently, moved or from memory',
    async ({ storage, file }) => {
      const files = await Promise.all(Array.from({ length: 64 }, () => file(2_000)));
      const stored = files.map((each, index) => ({ ...each, key: newKey('mp4'), inMemory: index % 2 === 1 }));
      await Promise.all(
        stored.map(({ key, path, bytes, meta, inMemory }) => storage.put(key, inMemory ? bytes : path, meta)),
      );
      for (const { key, bytes } of stored) assertSame(await bytesOf(storage, key), bytes);
    },
  ],
  [
    'applies the same rules to bytes as to a file',
    async ({ storage, file }) => {
      const key = newKey('mp4');
      const { bytes, meta } = await file(1_000);
      await storage.put(key, bytes.subarray(0, 500), { ...meta, size: 500 });
      await assert.rejects(storage.put(key, bytes, meta), { code: 'EXISTS', temporary: false });
      assertSame(await bytesOf(storage, key), bytes.subarray(0, 500));
      const short = storage.put(newKey('mp4'), bytes, { ...meta, size: 1_001 });
      await assert.rejects(short, { code: 'SIZE_MISMATCH' });
      const reason = new Error('shutting down');
      const stopped = storage.put(newKey('mp4'), bytes, meta, AbortSignal.abort(reason));
      await assert.rejects(stopped, (error) => error === reason);
    },
  ],
];
