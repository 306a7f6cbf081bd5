import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { familyOf } from '../support/process-family.js';

/** Compiled, like real processes: `npm test` has built it. */
const PROGRAM = 'dist/test/support/example-process.js';

/** Starts a process; resolves when it has printed `ready` or has ended. */
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
  await example.printed('ready');
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

  /** Resolves when it has printed the text or has ended. */
  async printed(text: string): Promise<void> {
    const { child } = this;
    await vi.waitFor(
      () => {
        if (this.output.includes(text) || child.exitCode !== null || child.signalCode !== null) return;
        throw new Error(`It has not printed "${text}":\n${this.output}`);
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

  /** Closes the reading end of its output. */
  closeOutput(): void {
    this.child.stdout.destroy();
    this.child.stderr.destroy();
  }

  /** Lines about closing, in order. */
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
    'closes its applications in parallel, then its services, on %s',
    async (signal) => {
      const example = await start('run');
      example.kill(signal);
      expect(await example.ended).toBe(0);
      expect(example.closing).toEqual(IN_ORDER);
    },
  );

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'ends in order on %s as the first process of a container',
    async (signal) => {
      // The kernel drops signals to such a process unless it has a handler for them (pid_namespaces(7)).
      const example = await start('run', {}, ['unshare', '--pid', '--fork', '--kill-child']);
      const [, first = 0] = await familyOf([example.pid]);
      process.kill(first, signal);
      expect(await example.ended).toBe(0);
      expect(example.closing).toEqual(IN_ORDER);
    },
  );

  it('treats simultaneous signals as one', async () => {
    const example = await start('run');
    for (const signal of ['SIGINT', 'SIGINT', 'SIGTERM'] as const) example.kill(signal);
    expect(await example.ended).toBe(0);
    expect(example.closing).toEqual(IN_ORDER);
  });

  it('closes everything after the reader of its output is gone', async () => {
    const example = await start('run');
    example.closeOutput();
    example.kill('SIGHUP');
    expect(await example.ended).toBe(0);
  });

  it('exits at once on a later signal', async () => {
    const example = await start('hang-closing');
    example.kill('SIGTERM');
    await example.printed('closing worker');
    // One request can arrive twice: only a later signal counts.
    await expect.poll(() => example.killAgain('SIGTERM'), { interval: 100 }).toBe('ended');
    expect(await example.ended).toBe(1);
    expect(example.output).toContain('Second SIGTERM');
  });

  it('closes the services even if an application cannot be closed, and exits with 1', async () => {
    const example = await start('fail-closing');
    example.kill('SIGTERM');
    expect(await example.ended).toBe(1);
    expect(example.closing).toEqual(IN_ORDER);
    expect(example.output).toContain('api cannot be closed');
  });

  it.each([
    ['throw', 'something broke'],
    ['reject', 'rejected promise'],
  ])(
    'closes everything after an uncaught error (%s) and prints only its stack',
    async (behaviour, message) => {
      const example = await start(behaviour);
      expect(await example.ended).toBe(1);
      expect(example.closing).toEqual(IN_ORDER);
      expect(example.output).toContain(message);
      expect(example.output).not.toContain('hunter2');
    },
  );

  it('closes everything after a reported fatal condition', async () => {
    const example = await start('fail');
    expect(await example.ended).toBe(1);
    expect(example.output).toContain('PostgreSQL does not stay up');
    expect(example.closing).toEqual(IN_ORDER);
  });

  it('undoes a start that fails half-way', async () => {
    const example = await start('fail-starting');
    expect(await example.ended).toBe(1);
    expect(example.output).toContain('The port is in use');
    expect(example.closing).toEqual(['closing api', 'closed api', 'closing service', 'closed service']);
  });

  it('undoes a start that is stopped half-way', async () => {
    const example = await start('hang-starting');
    example.kill('SIGTERM');
    expect(await example.ended).toBe(0);
    expect(new Set(example.closing)).toEqual(new Set(IN_ORDER));
  });

  it('names every error in its environment and does not start', async () => {
    const example = await start('run', { PORT: 'x' });
    expect(await example.ended).toBe(1);
    expect(example.output).toContain('PORT');
    expect(example.output).not.toContain('ready');
  });
});

describe('a stalled process', () => {
  it('exits if a round never ends', async () => {
    const example = await start('stall-round', { STALL_LIMIT_MS: '1s' });
    expect(await example.ended).toBe(70);
    expect(example.output).toContain('operation="Dispatch round"');
  });

  it('is killed if its event loop is blocked', async () => {
    const example = await start('stall-loop', { STALL_LIMIT_MS: '2s' });
    expect(await example.ended).toBe('SIGKILL');
    expect(example.output).toContain('event loop stalled');
  });

  it('survives a suspension', async () => {
    const example = await start('run', { STALL_LIMIT_MS: '2s' });
    example.kill('SIGSTOP');
    // The time itself is the input: a suspended process does nothing that could be observed.
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    example.kill('SIGCONT');
    example.kill('SIGTERM');
    expect(await example.ended).toBe(0);
  });
});
