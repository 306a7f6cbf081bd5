import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const CLI = resolve('dist/src/reelport.js');
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelport-generate-'));
});
afterEach(() => rm(folder, { recursive: true }));

function generate(...args: string[]): Promise<{ stdout: string }> {
  return promisify(execFile)(process.execPath, [CLI, 'generate', 'extension', ...args], { cwd: folder });
}

// That generated packages build and pass their tests is tested from the tarball: test/extension/packages.spec.ts.
describe('generate extension', () => {
  it('writes a package with the wanted parts', async () => {
    const { stdout } = await generate('recipes', '--step', '--listener');
    expect(stdout).toBe('Created recipes. Next: cd recipes && npm install && npm test\n');
    expect((await readdir(join(folder, 'recipes'))).toSorted()).toEqual([
      '.gitignore',
      'README.md',
      'package.json',
      'src',
      'tsconfig.json',
    ]);
    expect((await readdir(join(folder, 'recipes/src'))).toSorted()).toEqual([
      'extension.test.ts',
      'extension.ts',
      'listener.ts',
      'main.ts',
      'step.ts',
    ]);
  });

  it('leaves an existing folder as it is', async () => {
    await generate('recipes', '--step');
    await expect(generate('recipes')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^Cannot create the folder recipes: EEXIST/),
    });
    expect(await readdir(join(folder, 'recipes/src'))).not.toContain('kind.ts');
  });

  it.each<[name: string, fault: string, ...args: string[]]>([
    ['../recipes', '../recipes: the name must consist of lower-case letters, digits and _'],
    ['media', "media: Reelport's table media begins with the name; choose another one"],
    ['events', 'events: kind "events": the name "events" is reserved', '--kind', 'plain'],
    [
      'database',
      'database: setting "DATABASE_LOG": names that begin with DATABASE_ are reserved',
      '--listener',
    ],
  ])('refuses the name %s as the start would', async (name, fault, ...args) => {
    await expect(generate(name, ...args)).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining(fault),
    });
    expect(await readdir(folder)).toEqual([]);
  });
});
