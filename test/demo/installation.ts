import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
// Reading this class is what declares the variables.
import '../../src/config/environment.js';
import { describeVariables } from '../../src/config/variable.decorator.js';
import { freePort } from '../support/free-port.js';
import { ROOT } from './archive.js';
import type { Takedown } from './takedown.js';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 30_000;
const run = promisify(execFile);

/** A Reelport of our own: API, worker, PostgreSQL and Redis, on a folder that is removed at the end. */
export interface Installation {
  url: string;
  /** What `npm run token` and `npm run project` do; what they print. */
  cli: (...args: string[]) => Promise<string>;
}

/** Resolves when it is ready to serve. */
export async function startInstallation(takedown: Takedown): Promise<Installation> {
  const dataDir = await mkdtemp(join(tmpdir(), 'reelport-demo-'));
  await takedown.add(() => rm(dataDir, { recursive: true, force: true }));
  // Where the demo is run by root, PostgreSQL runs as somebody else, who has to get through to its data.
  await chmod(dataDir, 0o711);
  const port = await freePort();
  const environment = {
    ...foreignVariables(),
    DATA_DIR: dataDir,
    PORT: String(port),
    TRUSTED_NETWORKS: '127.0.0.0/8',
    MIN_FREE_BYTES: '0',
  };
  // In a process group of its own: Ctrl-C reaches the demo alone, which then asks for an orderly end, once.
  const server = spawn(process.execPath, ['--enable-source-maps', 'dist/src/standalone.js'], {
    cwd: ROOT,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  await takedown.add(() => stop(server));
  await readiness(server);
  return {
    url: `http://127.0.0.1:${port}`,
    cli: async (...args) => {
      const { stdout } = await run(process.execPath, ['dist/src/cli.js', ...args], {
        cwd: ROOT,
        env: environment,
      });
      return stdout.trim();
    },
  };
}

/** The environment without what configures Reelport: the demo touches no installation but its own. */
function foreignVariables(): NodeJS.ProcessEnv {
  const ours = new Set(describeVariables().map(({ name }) => name));
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.has(name)));
}

async function readiness(server: ChildProcess): Promise<void> {
  let output = '';
  await new Promise<void>((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`Reelport ${why}:\n${output}`));
    const limit = setTimeout(() => fail('did not get ready'), START_TIMEOUT_MS);
    const read = (chunk: Buffer): void => {
      output += String(chunk);
      if (output.includes('Reelport is ready')) {
        clearTimeout(limit);
        resolve();
      }
    };
    server.stdout?.on('data', read);
    server.stderr?.on('data', read);
    // What it does to the machine, such as installing Redis, is said before it is done.
    server.stderr?.pipe(process.stderr, { end: false });
    server.once('error', reject);
    server.once('exit', (code, signal) => {
      clearTimeout(limit);
      fail(`ended with ${code ?? signal}`);
    });
  });
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.pid === undefined || server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, 'exit');
  server.kill('SIGTERM');
  const limit = setTimeout(() => server.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(limit);
}
