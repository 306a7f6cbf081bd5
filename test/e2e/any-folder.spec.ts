import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

/** What a checkout has, but for what is installed and made. */
const CHECKOUT = [
  'assets',
  'build',
  'libs',
  'src',
  'test',
  'nest-cli.json',
  'ormconfig.ts',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
];

let parent: string;

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'reelport-folder-'));
});

afterAll(() => rm(parent, { recursive: true, force: true }));

it('builds and runs in a checkout whose path needs escapes everywhere', { timeout: 400_000 }, async () => {
  const checkout = join(parent, 'Übung "1" 50%20 \'a\' #b');
  await mkdir(checkout);
  for (const name of CHECKOUT) await cp(name, join(checkout, name), { recursive: true });
  await symlink(resolve('node_modules'), join(checkout, 'node_modules'));
  const demo = spawn('npm', ['run', 'demo'], {
    cwd: checkout,
    env: { PATH: process.env['PATH'], HOME: parent, npm_config_update_notifier: 'false' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [demo.stdout, demo.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += String(chunk)));
  }
  await once(demo, 'close');
  expect(output).toContain('All of it works');
  expect(demo.exitCode).toBe(0);
});
