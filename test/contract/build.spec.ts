import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readFile, rm, stat, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

interface Output {
  install: (folder: string, fingerprint: string, files: Map<string, string>) => void;
  isUpToDate: (folder: string, fingerprint: string) => boolean;
}

const { install, isUpToDate }: Output = await import(pathToFileURL(resolve('build/output.mjs')).href);

/** Reads two files until its input ends. Each read must find a complete file. */
const READER = `
  import { readFileSync } from 'node:fs';
  const [, folder] = process.argv;
  let open = true;
  process.stdin.on('end', () => (open = false)).resume();
  let reads = 0;
  while (open) {
    for (const name of ['a.js', 'deep/b.js']) {
      const text = readFileSync(folder + '/' + name, 'utf8');
      if (!/^(.)\\1{99999}$/.test(text)) throw new Error(name + ' is incomplete');
    }
    reads += 1;
    if (reads === 1) console.log('reading');
    await new Promise(setImmediate);
  }
  console.log('read ' + reads);`;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelport-build-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const version = (letter: string): Map<string, string> =>
  new Map(['a.js', 'deep/b.js'].map((name) => [name, letter.repeat(100_000)]));

describe('the output of a build', () => {
  it('is complete at any time for a process that uses it', async () => {
    install(folder, 'a', version('a'));
    const reader = spawn(process.execPath, ['--input-type=module', '-e', READER, folder], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await once(reader.stdout, 'data');
    for (const letter of 'bcdefghijklmnopqrstuvwxyz') install(folder, letter, version(letter));
    reader.stdin.end();
    await once(reader, 'close');
    expect(reader.exitCode).toBe(0);
  });

  it('keeps unchanged files', async () => {
    install(folder, 'a', version('a'));
    const before = await stat(join(folder, 'a.js'));
    install(folder, 'b', version('a'));
    expect((await stat(join(folder, 'a.js'))).ino).toBe(before.ino);
  });

  it('removes files that the build no longer produces', async () => {
    install(folder, 'a', version('a'));
    install(folder, 'b', new Map([['a.js', 'b']]));
    await expect(stat(join(folder, 'deep/b.js'))).rejects.toThrow('ENOENT');
    expect(await readFile(join(folder, 'a.js'), 'utf8')).toBe('b');
  });

  it('is up to date only with the same sources and unmodified files', async () => {
    install(folder, 'a', version('a'));
    expect(isUpToDate(folder, 'a')).toBe(true);
    expect(isUpToDate(folder, 'b')).toBe(false);
    await appendFile(join(folder, 'a.js'), '//');
    expect(isUpToDate(folder, 'a')).toBe(false);
    install(folder, 'a', version('a'));
    await unlink(join(folder, 'deep/b.js'));
    expect(isUpToDate(folder, 'a')).toBe(false);
  });
});
