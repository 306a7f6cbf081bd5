import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer as readAll } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startS3Endpoint, type S3Endpoint } from '../support/s3-endpoint.js';
import { makeScratch, type Scratch } from '../support/scratch.js';
import { createStorage } from './storage.factory.js';
import { newKey } from './storage.key.js';
import type { Storage, StoredObject } from './storage.js';

async function collect(objects: AsyncIterable<StoredObject>): Promise<StoredObject[]> {
  const all: StoredObject[] = [];
  for await (const object of objects) all.push(object);
  return all.sort((a, b) => (a.key < b.key ? -1 : 1));
}

let scratch: Scratch;
let endpoint: S3Endpoint;
beforeAll(async () => {
  scratch = await makeScratch();
  endpoint = await startS3Endpoint('videos');
});
afterAll(async () => {
  await endpoint.close();
  await scratch.remove();
});

const s3 = (more: object) =>
  createStorage({
    type: 's3',
    bucket: 'videos',
    endpoint: endpoint.url,
    accessKeyId: 'someone',
    secretAccessKey: 'something',
    ...more,
  });

const KINDS: [string, () => Storage][] = [
  ['local disk', () => createStorage({ type: 'local', root: join(scratch.folder, 'durable') })],
  [
    'local disk, not durable',
    () => createStorage({ type: 'local', root: join(scratch.folder, 'fast'), durable: false }),
  ],
  ['S3', () => s3({})],
  ['S3 below a prefix', () => s3({ prefix: '/team/videos/' })],
  ['S3 without conditional writes', () => s3({ prefix: 'plain', conditionalWrites: false })],
];

describe.each(KINDS)('a storage (%s)', (_name, make) => {
  let storage: Storage;
  beforeAll(() => {
    storage = make();
  });

  it('moves a file into the storage and returns its bytes', async () => {
    const key = newKey('mp4');
    const { path, bytes, meta } = await scratch.file(28 * 1024);
    await storage.put(key, path, meta);
    await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
    expect((await readAll(await storage.read(key))).equals(bytes)).toBe(true);
    const found = await storage.stat(key);
    expect(found).toMatchObject({ key, size: bytes.length });
    expect(found!.modifiedAt.getTime()).toBeGreaterThan(Date.now() - 3_600_000);
  });

  it('stores a file of more than two multipart parts completely', async () => {
    const key = newKey('webm');
    const { path, bytes, meta } = await scratch.file(12 * 1024 * 1024 + 17);
    await storage.put(key, path, meta);
    expect((await readAll(await storage.read(key))).equals(bytes)).toBe(true);
  });

  it('reads ranges with the semantics of HTTP', async () => {
    const key = newKey('mp4');
    const { path, meta } = await scratch.file(Buffer.from('0123456789'));
    await storage.put(key, path, meta);
    const range = async (start: number, end: number) =>
      (await readAll(await storage.read(key, { start, end }))).toString();
    expect(await range(2, 4)).toBe('234');
    expect(await range(0, 0)).toBe('0');
    expect(await range(8, 99)).toBe('89');
    await expect(storage.read(key, { start: 10, end: 12 })).rejects.toMatchObject({ code: 'RANGE' });
  });

  it('never overwrites', async () => {
    const key = newKey('mp4');
    const first = await scratch.file(100);
    const small = await scratch.file(200);
    const large = await scratch.file(6 * 1024 * 1024);
    await storage.put(key, first.path, first.meta);
    for (const second of [small, large]) {
      const refused = storage.put(key, second.path, second.meta);
      await expect(refused).rejects.toMatchObject({ name: 'StorageError', code: 'EXISTS', temporary: false });
      expect((await stat(second.path)).size).toBe(second.bytes.length);
    }
    expect((await readAll(await storage.read(key))).equals(first.bytes)).toBe(true);
    expect(endpoint.bucket.uploads.size).toBe(0);
  });

  it('deletes idempotently', async () => {
    const key = newKey('mp4');
    const { path, meta } = await scratch.file(10);
    await storage.put(key, path, meta);
    await storage.delete(key);
    await storage.delete(key);
    expect(await storage.stat(key)).toBeNull();
    await expect(storage.read(key)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('lists the objects under a prefix', async () => {
    const days = [new Date('2001-02-03'), new Date('2001-02-14'), new Date('2001-11-03')];
    const keys: string[] = [];
    for (const day of [...days, ...days]) {
      const key = newKey('mp4', day);
      const { path, meta } = await scratch.file(keys.length + 1);
      await storage.put(key, path, meta);
      keys.push(key);
    }
    const sorted = (prefix: string) => keys.filter((key) => key.startsWith(prefix)).sort();
    for (const prefix of ['2001', '2001/02/', '2001/02/1', '2001/02/03/', sorted('2001')[0]]) {
      expect((await collect(storage.list(prefix))).map(({ key }) => key)).toEqual(sorted(prefix));
    }
    expect(await collect(storage.list('2002/'))).toEqual([]);
    const all = await collect(storage.list());
    expect(all.map(({ key }) => key)).toEqual(expect.arrayContaining(keys));
    expect(all.find(({ key }) => key === keys[4])?.size).toBe(5);
  });

  it('refuses a file of another size than announced, or a missing one', async () => {
    const { path, meta } = await scratch.file(10);
    const key = newKey('mp4');
    const longer = { ...meta, size: 11 };
    await expect(storage.put(key, path, longer)).rejects.toMatchObject({ code: 'SIZE_MISMATCH' });
    await expect(storage.put(key, `${path}.gone`, meta)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await storage.stat(key)).toBeNull();
  });

  it('refuses foreign keys in every operation', async () => {
    const { path, meta } = await scratch.file(10);
    const foreign = '../outside.mp4';
    const refusal = { name: 'StorageError', code: 'INVALID_KEY', temporary: false };
    await expect(storage.put(foreign, path, meta)).rejects.toMatchObject(refusal);
    await expect(storage.read(foreign)).rejects.toMatchObject(refusal);
    await expect(storage.stat(foreign)).rejects.toMatchObject(refusal);
    await expect(storage.delete(foreign)).rejects.toMatchObject(refusal);
    expect(await readdir(scratch.folder)).not.toContain('outside.mp4');
  });

  it('does nothing if the signal is already aborted, and rejects with its reason', async () => {
    const { path, meta } = await scratch.file(10);
    const key = newKey('mp4');
    const reason = new Error('shutting down');
    await expect(storage.put(key, path, meta, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect((await stat(path)).size).toBe(10);
    expect(await storage.stat(key)).toBeNull();
  });

  it('stores many files concurrently, moved or from memory', async () => {
    const files = await Promise.all(Array.from({ length: 64 }, () => scratch.file(2_000)));
    const keys = files.map(() => newKey('mp4', new Date('2003-04-05')));
    await Promise.all(
      files.map(({ path, bytes, meta }, i) => storage.put(keys[i], i % 2 === 0 ? path : bytes, meta)),
    );
    expect((await collect(storage.list('2003/04/05/'))).map(({ key }) => key)).toEqual(keys.toSorted());
    for (const [i, { bytes }] of files.entries()) {
      expect((await readAll(await storage.read(keys[i]))).equals(bytes)).toBe(true);
    }
  });

  it('applies the same rules to bytes as to a file', async () => {
    const key = newKey('mp4');
    const { bytes, meta } = await scratch.file(1_000);
    await storage.put(key, bytes.subarray(0, 500), { ...meta, size: 500 });
    await expect(storage.put(key, bytes, meta)).rejects.toMatchObject({ code: 'EXISTS', temporary: false });
    expect((await readAll(await storage.read(key))).equals(bytes.subarray(0, 500))).toBe(true);
    const short = storage.put(newKey('mp4'), bytes, { ...meta, size: 1_001 });
    await expect(short).rejects.toMatchObject({ code: 'SIZE_MISMATCH' });
    const reason = new Error('shutting down');
    const stopped = storage.put(newKey('mp4'), bytes, meta, AbortSignal.abort(reason));
    await expect(stopped).rejects.toBe(reason);
  });
});
