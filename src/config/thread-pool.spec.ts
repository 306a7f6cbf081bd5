import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { sizeThreadPool } from './thread-pool.js';

it.each(['20.19.0', '22.0.0', '24.21.0'])('keeps a size that was given to Node.js %s', (release) => {
  const variables = { UV_THREADPOOL_SIZE: '8' };
  expect(sizeThreadPool(variables, release)).toBeUndefined();
  expect(variables).toEqual({ UV_THREADPOOL_SIZE: '8' });
});

it('warns where loading the program has started the pool', () => {
  const variables = {};
  expect(sizeThreadPool(variables, '20.19.0')).toBe(
    'Downloads may wait for each other: put UV_THREADPOOL_SIZE=16 in front of the command, or use Node.js 22',
  );
  expect(variables).toEqual({});
});

it.each(['22.0.0', '24.21.0'])('sets the size in Node.js %s', (release) => {
  const variables = {};
  expect(sizeThreadPool(variables, release)).toBeUndefined();
  expect(variables).toEqual({ UV_THREADPOOL_SIZE: '16' });
});

/** Sets the size in an ES module that has loaded others, and counts the threads that this adds. */
const PROGRAM = `
import { readdirSync } from 'node:fs';
import { pbkdf2 } from 'node:crypto';
await import('typeorm');
const threads = () => readdirSync('/proc/self/task').length;
const before = threads();
process.env.UV_THREADPOOL_SIZE = '16';
for (let i = 0; i < 32; i++) pbkdf2('a', 'b', 1, 32, 'sha256', () => undefined);
console.log(threads() - before);
`;

it.runIf(process.platform === 'linux')('holds for this Node.js', () => {
  const { UV_THREADPOOL_SIZE: _, ...env } = process.env;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', PROGRAM], { env });
  const isLate = sizeThreadPool({}) !== undefined;
  expect(Number(String(stdout)) === 16).toBe(!isLate);
});
