import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tokenSecret } from './token-secret.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelport-secret-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('tokenSecret', () => {
  it('returns TOKEN_SECRET if set and writes no file', async () => {
    const TOKEN_SECRET = 'x'.repeat(32);
    expect(await tokenSecret({ TOKEN_SECRET, DATA_DIR: folder })).toBe(TOKEN_SECRET);
    expect(await readdir(folder)).toEqual([]);
  });

  it('generates a secret once, creates its folder, and restricts it to its owner', async () => {
    const DATA_DIR = join(folder, 'new', 'data');
    const secret = await tokenSecret({ DATA_DIR });
    expect(secret).toMatch(/^[\w-]{64}$/);
    expect(await tokenSecret({ DATA_DIR })).toBe(secret);
    expect((await stat(join(DATA_DIR, 'token-secret'))).mode & 0o777).toBe(0o600);
  });

  it('returns the same secret to concurrent callers', async () => {
    const secrets = await Promise.all(Array.from({ length: 50 }, () => tokenSecret({ DATA_DIR: folder })));
    expect(new Set(secrets).size).toBe(1);
    expect(await readdir(folder)).toEqual(['token-secret']);
  });

  it('ignores a line break at the end of the file', async () => {
    await writeFile(join(folder, 'token-secret'), `${'k'.repeat(40)}\n`);
    expect(await tokenSecret({ DATA_DIR: folder })).toBe('k'.repeat(40));
  });

  it('names a file without a key and does not replace it', async () => {
    await writeFile(join(folder, 'token-secret'), '');
    await expect(tokenSecret({ DATA_DIR: folder })).rejects.toThrow(join(folder, 'token-secret'));
    expect((await stat(join(folder, 'token-secret'))).size).toBe(0);
  });
});
