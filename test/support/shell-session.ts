import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

export interface ShellResult {
  code: number;
  /** Both streams, as a terminal shows them. */
  output: string;
}

/** A bash that runs one block of commands after the other, in a process group of its own. */
export class ShellSession {
  private readonly shell: ChildProcessByStdio<Writable, Readable, null>;
  private received = '';

  constructor(folder: string, environment: Readonly<Record<string, string | undefined>>) {
    this.shell = spawn('bash', ['--noprofile', '--norc'], {
      cwd: folder,
      env: environment,
      stdio: ['pipe', 'pipe', 'ignore'],
      detached: true,
    });
    this.shell.stdout.on('data', (chunk: Buffer) => (this.received += chunk.toString()));
    this.shell.stdin.write('exec 2>&1\n');
  }

  /** Resolves when the last command has ended; background jobs go on. */
  async run(commands: string): Promise<ShellResult> {
    const mark = `mark-${randomUUID()}`;
    const begin = this.received.length;
    // Commands do not read what follows them.
    this.shell.stdin.write(`eval ${quoted(commands)} </dev/null\nprintf '\\n%s %s\\n' ${mark} $?\n`);
    const end = new RegExp(`\\n${mark} (\\d+)\\n`);
    for (;;) {
      const text = this.received.slice(begin);
      const found = end.exec(text);
      if (found !== null) return { code: Number(found[1]), output: text.slice(0, found.index) };
      if (this.shell.exitCode !== null) throw new Error(`The shell ended:\n${text}`);
      await once(this.shell.stdout, 'data');
    }
  }

  /** Ends the shell and its background jobs. */
  async close(): Promise<void> {
    if (this.shell.exitCode !== null || this.shell.pid === undefined) return;
    const ended = once(this.shell, 'exit');
    process.kill(-this.shell.pid, 'SIGKILL');
    await ended;
  }
}

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
