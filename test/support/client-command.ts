import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

const PROGRAM = 'dist/libs/client/src/cli/main.js';

/** A command of the partner's toolkit in its own process. */
export class ClientCommand {
  stdout = '';
  stderr = '';
  private readonly child: ChildProcess;

  /** @param input written to stdin */
  constructor(args: readonly string[], environment: Readonly<Record<string, string>>, input = '') {
    this.child = spawn(process.execPath, [PROGRAM, ...args], {
      env: { PATH: process.env['PATH'], ...environment },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.child.stdout?.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    this.child.stderr?.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.child.stdin?.end(input);
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error('The command did not start');
    return this.child.pid;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Closes stdout, as `head` does. */
  stopReading(): void {
    this.child.stdout?.destroy();
  }

  /** Resolves with the exit code; null after a signal. */
  async end(): Promise<number | null> {
    if (this.isRunning) await once(this.child, 'close');
    return this.child.exitCode;
  }

  async kill(signal: NodeJS.Signals): Promise<number | null> {
    this.child.kill(signal);
    return this.end();
  }
}
