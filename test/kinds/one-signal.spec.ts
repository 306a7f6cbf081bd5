import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Installation } from './installation.js';

const WORKER = join(import.meta.dirname, 'processes/stubborn.mjs');

let installation: Installation;

beforeAll(async () => {
  installation = await Installation.open();
  // Knows nothing of notes; through it the test accepts imports.
  await installation.start([]);
});
afterAll(() => installation?.close());

it('one SIGTERM ends a process with a step that ignores its signal, and returns the item', async () => {
  const worker = spawn(process.execPath, [WORKER, 'start:worker'], {
    env: { PATH: process.env['PATH'], ...installation.environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const id = await installation.importFiles('notes', { note: Buffer.from('a note') });
    for await (const line of createInterface(worker.stdout)) if (line === 'The step has begun') break;
    expect(await installation.states(id)).toEqual(['running']);
    const exited = once(worker, 'exit');
    worker.kill('SIGTERM');
    worker.stdout.resume();
    expect(await exited).toEqual([0, null]);
    expect(await installation.states(id)).toEqual(['pending']);
  } finally {
    worker.kill('SIGKILL');
  }
});
