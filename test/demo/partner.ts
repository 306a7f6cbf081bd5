import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT } from './archive.js';
import type { Cleanup } from './cleanup.js';
import { expectEqual } from './expect.js';
import { paint, say } from './screen.js';

const PROGRAM = join(ROOT, 'dist/libs/client/src/cli/main.js');

export interface Answer {
  stdout: string;
  stderr: string;
}

/** A partner at their command line: a folder with their list, and the program `reelport`. */
export class PartnerShell {
  private constructor(
    readonly folder: string,
    private readonly cleanup: Cleanup,
  ) {}

  static async open(cleanup: Cleanup): Promise<PartnerShell> {
    const folder = await mkdtemp(join(tmpdir(), 'reelport-demo-partner-'));
    await cleanup.add(() => rm(folder, { recursive: true, force: true }));
    return new PartnerShell(folder, cleanup);
  }

  async write(name: string, content: string): Promise<void> {
    await writeFile(join(this.folder, name), content);
  }

  /**
   * Runs `reelport` and shows what it says.
   *
   * @param code the expected exit code
   * @throws Unexpected if it ends with another one
   */
  async run(code: number, args: readonly string[], input = ''): Promise<Answer> {
    const child = this.start(args);
    child.stdin.end(input);
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    const lines: string[] = [];
    createInterface({ input: child.stderr }).on('line', (line) => {
      lines.push(line);
      say(`  ${paint('dim', line)}`);
    });
    await once(child, 'close');
    const stderr = lines.join('\n');
    expectEqual(
      { code: child.exitCode },
      { code },
      `the end of reelport ${args.join(' ')}\n${stderr}${stdout}`,
    );
    return { stdout, stderr };
  }

  /** Starts `reelport` and leaves it running until the end of the demo. Resolves with its first lines. */
  async background(args: readonly string[], untilLine: RegExp): Promise<string> {
    const child = this.start(args);
    await this.cleanup.add(async () => {
      if (child.exitCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGINT');
      await ended;
    });
    let output = '';
    for await (const line of createInterface({ input: child.stderr })) {
      output += `${line}\n`;
      say(`  ${paint('dim', line)}`);
      if (untilLine.test(line)) break;
    }
    child.stderr.resume();
    return output;
  }

  private start(args: readonly string[]) {
    say(`  ${paint('bold', `$ reelport ${args.join(' ')}`)}`);
    return spawn(process.execPath, [PROGRAM, ...args], {
      cwd: this.folder,
      env: { PATH: process.env['PATH'], XDG_CONFIG_HOME: this.folder },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  }
}
