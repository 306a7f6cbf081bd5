import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { ROOT } from './root.js';

const STOP_TIMEOUT_MS = 30_000;
const KEPT_OUTPUT = 16_384;

/** A process of ours, with a channel for messages. */
export class Child {
  private output = '';

  private constructor(
    readonly name: string,
    private readonly child: ChildProcess,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.output = (this.output + String(chunk)).slice(-KEPT_OUTPUT);
      });
    }
    // Without a listener, a message to a process that has just ended would end this one.
    child.on('error', (error) => (this.output += `\n${String(error)}`));
  }

  /** Starts a script in a process group of its own: Ctrl-C reaches the benchmark alone, which then ends its children. */
  static start(
    name: string,
    script: string,
    { args = [], nodeArgs = [], env = {} }: { args?: string[]; nodeArgs?: string[]; env?: NodeJS.ProcessEnv },
  ): Child {
    const child = spawn(process.execPath, [...nodeArgs, script, ...args], {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    });
    return new Child(name, child);
  }

  /** @throws Error when it has not started */
  get pid(): number {
    if (this.child.pid === undefined) throw this.failure('did not start');
    return this.child.pid;
  }

  get ended(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** The next message, asked for with `question` where there is one. @throws Error when it ends instead */
  async message(question?: object | string): Promise<unknown> {
    const done = new AbortController();
    const answer = once(this.child, 'message', { signal: done.signal });
    const end = once(this.child, 'exit', { signal: done.signal }).then(() => {
      throw this.failure('ended');
    });
    if (question !== undefined) this.send(question);
    try {
      return (await Promise.race([answer, end]))[0];
    } finally {
      done.abort();
      await Promise.allSettled([answer, end]);
    }
  }

  send(message: object | string): void {
    this.child.send(message);
  }

  /** An error with the last of what it has printed. */
  failure(what: string): Error {
    return new Error(`${this.name} ${what}:\n${this.output}`);
  }

  /** Asks for an orderly end and waits for it. */
  async stop(): Promise<void> {
    if (this.ended || this.child.pid === undefined) return;
    const end = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const limit = setTimeout(() => this.child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await end;
    clearTimeout(limit);
  }
}
