import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { emptyFiles } from './empty-files.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelport-empty-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('truncates all files of a folder and its subfolders', async () => {
  await mkdir(join(folder, 'a/b'), { recursive: true });
  const files = ['one', 'a/two', 'a/b/three'].map((name) => join(folder, name));
  for (const file of files) await writeFile(file, 'content');
  await emptyFiles(folder);
  await expect(Promise.all(files.map((file) => readFile(file, 'utf8')))).resolves.toEqual(['', '', '']);
});
