import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

const KEPT_OUTPUT = 8_192;

/** A process of Reelport that a test can kill, suspend and inspect. */
export class NodeProcess {
  private printed = '';
  private readonly exit: Promise<unknown>;

  /** @param app a program that calls `createReelport()`, instead of that of Reelport itself */
  constructor(
    readonly name: string,
    role: 'api' | 'worker',
    environment: Record<string, string>,
    app?: string,
  ) {
    const program = app === undefined ? ['dist/src/launch.cjs', role] : [app, `start:${role}`];
    this.child = spawn(process.execPath, program, {
      env: { PATH: process.env['PATH'], ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.exit = once(this.child, 'exit');
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.printed = (this.printed + String(chunk)).slice(-KEPT_OUTPUT);
      });
    }
    process.on('exit', this.endWithTest);
    this.child.once('exit', () => process.off('exit', this.endWithTest));
  }

  private readonly child: ChildProcess;

  get pid(): number {
    if (this.child.pid === undefined) throw new Error(`${this.name} did not start`);
    return this.child.pid;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** The end of its output. */
  get output(): string {
    return this.printed;
  }

  suspend(): void {
    this.child.kill('SIGSTOP');
  }

  resume(): void {
    this.child.kill('SIGCONT');
  }

  /** Sends a signal and waits for the exit. Returns the exit code, or the signal that killed it. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | NodeJS.Signals> {
    if (this.isRunning) {
      this.child.kill(signal);
      // A suspended process would not receive SIGTERM.
      this.child.kill('SIGCONT');
      await this.exit;
    }
    return this.child.exitCode ?? this.child.signalCode ?? 0;
  }

  private readonly endWithTest = (): void => {
    this.child.kill('SIGKILL');
  };
}
