import { mkdir, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeScratch, type Scratch } from '../support/scratch.js';
import { fromFileSystem } from './local.errors.js';
import { freeBytes } from './local.free-bytes.js';
import { LocalStorage } from './local.storage.js';
import { newKey } from './storage.key.js';

let scratch: Scratch;
let root: string;
let storage: LocalStorage;
beforeEach(async () => {
  scratch = await makeScratch();
  root = join(scratch.folder, 'videos');
  storage = new LocalStorage({ root });
});
afterEach(() => scratch.remove());

async function keysIn(prefix = ''): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of storage.list(prefix)) keys.push(key);
  return keys;
}

/** A folder on another file system if this machine has one; the outcome must be the same on any. */
async function elsewhere(): Promise<string> {
  const here = await stat(tmpdir());
  const there = await stat('/dev/shm').catch(() => here);
  return there.dev === here.dev ? tmpdir() : '/dev/shm';
}

describe('LocalStorage', () => {
  it('stores a file under its key below the root', async () => {
    const key = newKey('mp4');
    const { path, bytes, meta } = await scratch.file(1_000);
    await storage.put(key, path, meta);
    expect((await readFile(join(root, key))).equals(bytes)).toBe(true);
  });

  it('moves files from another file system without overwriting', async () => {
    const other = await makeScratch(await elsewhere());
    try {
      const key = newKey('mp4');
      const first = await other.file(3_000_000);
      const second = await other.file(5);
      await storage.put(key, first.path, first.meta);
      await expect(storage.put(key, second.path, second.meta)).rejects.toMatchObject({ code: 'EXISTS' });
      expect((await readFile(join(root, key))).equals(first.bytes)).toBe(true);
      expect(await readdir(other.folder)).toEqual([second.path.slice(other.folder.length + 1)]);
    } finally {
      await other.remove();
    }
  });

  it('recreates the folder of the day after it was removed', async () => {
    const [a, b] = [newKey('mp4'), newKey('mp4')];
    const first = await scratch.file(1);
    const second = await scratch.file(2);
    await storage.put(a, first.path, first.meta);
    await rm(root, { recursive: true });
    await expect(storage.put(b, second.path, second.meta)).resolves.toBeUndefined();
    expect(await keysIn()).toEqual([b]);
  });

  it('lists only its own files, with their modification times', async () => {
    const key = newKey('mp4', new Date('2019-11-21'));
    const { path, meta } = await scratch.file(7);
    await storage.put(key, path, meta);
    const old = new Date('2019-11-21T10:00:00Z');
    await utimes(join(root, key), old, old);
    const day = join(root, '2019/11/21');
    await writeFile(join(root, 'lost+found'), '');
    await writeFile(join(day, '.DS_Store'), '');
    await mkdir(join(day, newKey('mp4').slice(11)));
    await symlink('/etc/hostname', join(day, newKey('mp4').slice(11)));
    const listed = [];
    for await (const object of storage.list()) listed.push(object);
    expect(listed).toEqual([{ key, size: 7, modifiedAt: old }]);
  });

  it('lists nothing before the first file is stored', async () => {
    expect(await keysIn()).toEqual([]);
  });

  it('allows deletion during a listing', async () => {
    for (let i = 0; i < 100; i++) {
      const { path, meta } = await scratch.file(1);
      await storage.put(newKey('mp4'), path, meta);
    }
    for await (const { key } of storage.list()) await storage.delete(key);
    expect(await keysIn()).toEqual([]);
  });

  it('refuses a root that is not a folder, without naming it', async () => {
    await writeFile(root, '');
    const { path, meta } = await scratch.file(1);
    const refused = storage.put(newKey('mp4'), path, meta);
    await expect(refused).rejects.toMatchObject({ name: 'StorageError', temporary: false });
    await expect(refused).rejects.not.toThrow(scratch.folder);
    await expect(stat(path)).resolves.toBeDefined();
  });
});

describe('fromFileSystem', () => {
  it.each([
    ['ENOSPC', 'FULL', true],
    ['EDQUOT', 'FULL', true],
    ['EIO', 'UNAVAILABLE', true],
    ['EMFILE', 'UNAVAILABLE', true],
    ['EROFS', 'DENIED', false],
    ['EACCES', 'DENIED', false],
  ])('maps %s to %s, temporary: %s', (system, code, temporary) => {
    const cause = Object.assign(new Error(`${system}: write '/secret/place'`), { code: system });
    const error = fromFileSystem(cause);
    expect(error).toMatchObject({ code, temporary, cause });
    expect(error.message).not.toContain('secret');
  });
});

describe('freeBytes', () => {
  it('returns a number of bytes, or throws for a folder that does not exist', async () => {
    const free = await freeBytes(scratch.folder);
    expect(Number.isSafeInteger(free)).toBe(true);
    expect(free).toBeGreaterThan(0);
    await expect(freeBytes(join(dirname(root), 'nowhere'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
