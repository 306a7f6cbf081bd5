import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { ROOT } from './root.js';

const STOP_TIMEOUT_MS = 30_000;
const KEPT_OUTPUT = 16_384;

/** A child process with a message channel. */
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
    // Without a listener, a message to a process that has just exited would crash this one.
    child.on('error', (error) => (this.output += `\n${String(error)}`));
  }

  /** Starts a script in its own process group: Ctrl-C reaches only the benchmark, which then stops its children. */
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

  /** @throws Error if it did not start */
  get pid(): number {
    if (this.child.pid === undefined) throw this.failure('did not start');
    return this.child.pid;
  }

  get ended(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Sends `question`, if given, and returns the next message. @throws Error if the process exits instead */
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

  /** An error with the end of its output. */
  failure(what: string): Error {
    return new Error(`${this.name} ${what}:\n${this.output}`);
  }

  /** Sends SIGTERM and waits for the exit. */
  async stop(): Promise<void> {
    if (this.ended || this.child.pid === undefined) return;
    const end = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const limit = setTimeout(() => this.child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await end;
    clearTimeout(limit);
  }
}
