import { execFile, spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { freePort } from '../../support/free-port.js';

/** Settings that let a test import from this machine, and see retries soon. */
const SETTINGS = {
  TRUSTED_NETWORKS: '127.0.0.0/8',
  MIN_FREE_BYTES: '0',
  RATE_LIMIT_ADDRESS: '0',
  RATE_LIMIT_TOKEN: '0',
  RETRY_SCHEDULE: '10ms',
};

/** The application of a team, run as its `npm start` does, on embedded services. */
export class TeamApp {
  private child: ChildProcessByStdio<null, Readable, Readable> | undefined;
  /** Everything that the application has printed so far. */
  output = '';

  private constructor(
    private readonly folder: string,
    private readonly environment: NodeJS.ProcessEnv,
    readonly url: string,
  ) {}

  /** @param folder package with a built `dist/main.js` */
  static async of(folder: string): Promise<TeamApp> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const environment = {
      PATH: process.env['PATH'],
      DATA_DIR: join(folder, '.data'),
      PORT: String(port),
      PUBLIC_URL: url,
      ...SETTINGS,
    };
    return new TeamApp(folder, environment, url);
  }

  /** Resolves when the application serves requests. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, ['--enable-source-maps', 'dist/main.js'], {
      cwd: this.folder,
      env: this.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    let printed = '';
    await new Promise<void>((resolve, reject) => {
      const read = (chunk: Buffer): void => {
        printed += String(chunk);
        this.output += String(chunk);
        if (printed.includes('Reelport is ready')) resolve();
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('exit', (code) => reject(new Error(`The application ended with ${code}:\n${printed}`)));
    });
  }

  /** @returns exit code or signal */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | NodeJS.Signals | null> {
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return null;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
    return child.exitCode ?? child.signalCode;
  }

  /**
   * Runs a command of the application, such as `token create …`.
   *
   * @returns what it prints to stdout
   */
  command(...args: readonly string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      execFile(
        process.execPath,
        ['dist/main.js', ...args],
        { cwd: this.folder, env: this.environment },
        (error, stdout, stderr) => {
          if (error === null) resolve(stdout.trim());
          else reject(new Error(`${args.join(' ')} failed:\n${stdout}\n${stderr}`, { cause: error }));
        },
      );
    });
  }
}
