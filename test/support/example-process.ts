import 'reflect-metadata';
import { setTimeout as wait } from 'node:timers/promises';
import { parseEnvironment } from '../../src/config/parse-environment.js';
import { runProcess } from '../../src/process/run-process.js';
import { StallWatchdog } from '../../src/process/stall-watchdog.js';

// A process for the tests of `runProcess`. It opens two applications and a service, and prints their lifecycle.

const [, , behaviour = 'run'] = process.argv;
const FOREVER_MS = 3_600_000;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function closable(name: string): { close(): Promise<void> } {
  return {
    close: async () => {
      say(`closing ${name}`);
      if (behaviour === 'hang-closing') await wait(FOREVER_MS);
      await wait(10);
      say(`closed ${name}`);
      if (behaviour === 'fail-closing') throw new Error(`${name} cannot be closed`);
    },
  };
}

await runProcess(async ({ opened, fail }) => {
  opened(closable('service'), 'service');
  opened(closable('api'));
  if (behaviour === 'fail-starting') throw new Error('The port is in use');
  if (behaviour === 'hang-starting') {
    say('ready');
    await wait(100);
  }
  opened(closable('worker'));
  // Keeps the process alive like a listening server.
  setInterval(() => undefined, FOREVER_MS);
  const watchdog = new StallWatchdog(parseEnvironment());
  watchdog.onApplicationBootstrap();
  say('ready');
  if (behaviour === 'fail') fail(new Error('PostgreSQL does not stay up'));
  if (behaviour === 'throw') setImmediate(() => throwWithSecret());
  if (behaviour === 'reject') void Promise.reject(new Error('rejected promise'));
  if (behaviour === 'stall-round') void watchdog.watch('Dispatch round', () => wait(FOREVER_MS));
  if (behaviour === 'stall-loop')
    setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
});

function throwWithSecret(): void {
  throw Object.assign(new Error('something broke'), { password: 'hunter2' });
}
