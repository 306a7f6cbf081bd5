import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { changesSince } from './suspects.js';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'reelport-suspects-'));
  mkdirSync(join(folder, 'src'));
  git('init', '--quiet');
  commit('src/a.ts', 'Begin');
  commit('kept.json', 'Keep the ratios');
  commit('src/a.ts', 'Slow down');
  commit('README.md', 'Describe it');
  commit('src/b.ts', 'Add a feature');
});

afterAll(() => rmSync(folder, { recursive: true }));

function git(...args: string[]): void {
  const identity = [
    '-c',
    'user.name=test',
    '-c',
    'user.email=test@example.com',
    '-c',
    'commit.gpgsign=false',
  ];
  execFileSync('git', [...identity, ...args], { cwd: folder });
}

function commit(file: string, subject: string): void {
  writeFileSync(join(folder, file), subject);
  git('add', '.');
  git('commit', '--quiet', '--message', subject);
}

it('lists the commits that changed the product since a file was written', async () => {
  const changes = await changesSince('kept.json', folder);
  expect(changes.map((line) => line.replace(/^[0-9a-f]+ /, ''))).toEqual(['Add a feature', 'Slow down']);
});

it('lists nothing without history', async () => {
  expect(await changesSince('kept.json', tmpdir())).toEqual([]);
});
