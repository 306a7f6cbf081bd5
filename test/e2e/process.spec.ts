import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { familyOf } from '../support/process-family.js';

/** Compiled, as processes are: `npm test` has built it. */
const PROGRAM = 'dist/test/support/example-process.js';

/** A process that has said `ready`, if it gets so far. */
async function start(
  behaviour: string,
  environment: Record<string, string> = {},
  before: readonly string[] = [],
): Promise<Example> {
  const [command, ...args] = [...before, process.execPath, PROGRAM, behaviour];
  const child = spawn(command, args, {
    env: { PATH: process.env['PATH'], SHUTDOWN_GRACE_MS: '1s', STALL_LIMIT_MS: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const example = new Example(child);
  await example.said('ready');
  return example;
}

class Example {
  output = '';
  readonly ended: Promise<number | NodeJS.Signals>;

  constructor(private readonly child: ChildProcessByStdio<null, Readable, Readable>) {
    this.ended = once(child, 'close').then(() => child.exitCode ?? child.signalCode ?? 0);
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (this.output += String(chunk)));
    }
  }

  /** Resolves when it has said something, or has ended. */
  async said(text: string): Promise<void> {
    const { child } = this;
    await vi.waitFor(
      () => {
        if (this.output.includes(text) || child.exitCode !== null || child.signalCode !== null) return;
        throw new Error(`It has not said "${text}":\n${this.output}`);
      },
      { timeout: 30_000 },
    );
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Sends another signal, unless it has ended. */
  killAgain(signal: NodeJS.Signals): 'ended' | 'running' {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return 'ended';
    this.child.kill(signal);
    return 'running';
  }

  /** Goes away as the reader of all that it says. */
  closeOutput(): void {
    this.child.stdout.destroy();
    this.child.stderr.destroy();
  }

  /** What it has said of closing, in order. */
  get closing(): string[] {
    return this.output.split('\n').filter((line) => line.startsWith('clos'));
  }
}

const IN_ORDER = [
  'closing api',
  'closing worker',
  'closed api',
  'closed worker',
  'closing service',
  'closed service',
];

describe('a process', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const)(
    'closes its applications side by side, then its services, on %s',
    async (signal) => {
      const example = await start('run');
      example.kill(signal);
      expect(await example.ended).toBe(0);
      expect(example.closing).toEqual(IN_ORDER);
    },
  );

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'ends in order on %s where it is the first process of a container',
    async (signal) => {
      // The kernel sends such a process no signal that it has no handler for (pid_namespaces(7)).
      const example = await start('run', {}, ['unshare', '--pid', '--fork', '--kill-child']);
      const [, first = 0] = await familyOf([example.pid]);
      process.kill(first, signal);
      expect(await example.ended).toBe(0);
      expect(example.closing).toEqual(IN_ORDER);
    },
  );

  it('takes signals that arrive together for one', async () => {
    const example = await start('run');
    for (const signal of ['SIGINT', 'SIGINT', 'SIGTERM'] as const) example.kill(signal);
    expect(await example.ended).toBe(0);
    expect(example.closing).toEqual(IN_ORDER);
  });

  it('closes everything although nobody reads its output any more', async () => {
    const example = await start('run');
    example.closeOutput();
    example.kill('SIGHUP');
    expect(await example.ended).toBe(0);
  });

  it('exits at once at a later signal', async () => {
    const example = await start('hang-closing');
    example.kill('SIGTERM');
    await example.said('closing worker');
    // One request can arrive twice: only a signal that comes later counts.
    await expect.poll(() => example.killAgain('SIGTERM'), { interval: 100 }).toBe('ended');
    expect(await example.ended).toBe(1);
    expect(example.output).toContain('Second SIGTERM');
  });

  it('closes the services although an application cannot be closed, and exits with 1', async () => {
    const example = await start('fail-closing');
    example.kill('SIGTERM');
    expect(await example.ended).toBe(1);
    expect(example.closing).toEqual(IN_ORDER);
    expect(example.output).toContain('api cannot be closed');
  });

  it.each([
    ['throw', 'something broke'],
    ['reject', 'nobody listens'],
  ])(
    'closes everything at an uncaught error (%s), and prints its stack alone',
    async (behaviour, message) => {
      const example = await start(behaviour);
      expect(await example.ended).toBe(1);
      expect(example.closing).toEqual(IN_ORDER);
      expect(example.output).toContain(message);
      expect(example.output).not.toContain('hunter2');
    },
  );

  it('closes everything where it is told that it cannot go on', async () => {
    const example = await start('fail');
    expect(await example.ended).toBe(1);
    expect(example.output).toContain('PostgreSQL does not stay up');
    expect(example.closing).toEqual(IN_ORDER);
  });

  it('takes back a start that fails half-way', async () => {
    const example = await start('fail-starting');
    expect(await example.ended).toBe(1);
    expect(example.output).toContain('The port is in use');
    expect(example.closing).toEqual(['closing api', 'closed api', 'closing service', 'closed service']);
  });

  it('takes back a start that is stopped half-way', async () => {
    const example = await start('hang-starting');
    example.kill('SIGTERM');
    expect(await example.ended).toBe(0);
    expect(new Set(example.closing)).toEqual(new Set(IN_ORDER));
  });

  it('names every fault of its environment, and does not start', async () => {
    const example = await start('run', { PORT: 'x' });
    expect(await example.ended).toBe(1);
    expect(example.output).toContain('PORT');
    expect(example.output).not.toContain('ready');
  });
});

describe('a process that is stalled', () => {
  it('ends where a round never ends', async () => {
    const example = await start('stall-round', { STALL_LIMIT_MS: '1s' });
    expect(await example.ended).toBe(70);
    expect(example.output).toContain('in="Dispatch round"');
  });

  it('is killed where its event loop stands still', async () => {
    const example = await start('stall-loop', { STALL_LIMIT_MS: '2s' });
    expect(await example.ended).toBe('SIGKILL');
    expect(example.output).toContain('event loop is stalled');
  });

  it('is left alone where it was only suspended', async () => {
    const example = await start('run', { STALL_LIMIT_MS: '2s' });
    example.kill('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    example.kill('SIGCONT');
    example.kill('SIGTERM');
    expect(await example.ended).toBe(0);
  });
});
