import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../support/api.js';
import { freePort } from '../support/free-port.js';
import { familyOf, isAlive } from '../support/process-family.js';

/** A checkout without installed dependencies and build output. */
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
let checkout: string;
let output = '';
let running: ChildProcess | undefined;
/** Process ids of the running program and its descendants. */
let family: number[] = [];

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'reelport-folder-'));
  checkout = join(parent, 'Übung "1" 50%20 \'a\' #b');
  await mkdir(checkout);
  for (const name of CHECKOUT) await cp(name, join(checkout, name), { recursive: true });
  await symlink(resolve('node_modules'), join(checkout, 'node_modules'));
});

afterAll(async () => {
  // Processes that a failed test left running.
  const left = running?.pid === undefined ? [] : await familyOf([running.pid, ...family]);
  for (const pid of left.filter(isAlive)) process.kill(pid, 'SIGKILL');
  await rm(parent, { recursive: true, force: true });
});

/** Runs npm in the checkout as the leader of its own process group, like a terminal job. */
function npm(args: readonly string[], variables: Record<string, string> = {}): ChildProcess {
  output = '';
  const child = spawn('npm', args, {
    cwd: checkout,
    env: { PATH: process.env['PATH'], HOME: parent, npm_config_update_notifier: 'false', ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => (output += String(chunk)));
  }
  running = child;
  return child;
}

describe('a checkout whose path needs escapes everywhere', () => {
  it('builds and runs the demo', { timeout: 400_000 }, async () => {
    const demo = npm(['run', 'demo']);
    await once(demo, 'close');
    expect(output).toContain('All checks passed');
    expect(demo.exitCode).toBe(0);
  });

  it(
    'starts, imports its sample, and leaves no process behind when its terminal closes',
    { timeout: 400_000 },
    async () => {
      const started = npm(['start'], { PORT: String(await freePort()), MIN_FREE_BYTES: '0' });
      await expect
        .poll(() => (started.exitCode === null ? output : `ended: ${output}`), { timeout: 300_000 })
        .toContain('Ctrl-C');
      const [, page = ''] = /Swagger UI\s+(\S+)#/.exec(output) ?? [];
      expect(await (await fetch(page)).text()).toContain('swagger-ui');
      // Run exactly as copied from the screen.
      const [, command = ''] = /^( +curl [\s\S]*?\n)\n/m.exec(output) ?? [];
      const { stdout } = await promisify(execFile)('/bin/sh', ['-c', command]);
      const { id }: { id: string } = JSON.parse(stdout);
      const [, token = ''] = /Demo token\s+(\S+)/.exec(output) ?? [];
      const api = new ApiClient(new URL(page).origin, token);
      expect(await api.finished(id)).toMatchObject({ state: 'success' });

      const pid = started.pid!;
      const services: Record<'database' | 'redis', { process: { pid: number } }> = JSON.parse(
        await readFile(join(checkout, '.data/embedded/running.json'), 'utf8'),
      );
      family = await familyOf([pid, services.database.process.pid, services.redis.process.pid]);
      expect(family.length).toBeGreaterThan(3);
      const ended = once(started, 'exit');
      started.stdout?.destroy();
      started.stderr?.destroy();
      process.kill(-pid, 'SIGHUP');
      await ended;
      await expect.poll(() => family.filter(isAlive), { timeout: 40_000 }).toEqual([]);
    },
  );
});
