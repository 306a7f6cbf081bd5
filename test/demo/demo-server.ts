import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
// Importing this class declares the variables.
import '../../src/config/environment.js';
import { describeVariables } from '../../src/config/variable.decorator.js';
import { freePort } from '../support/free-port.js';
import { ROOT } from './archive.js';
import type { Cleanup } from './cleanup.js';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 30_000;
const run = promisify(execFile);

/** A Reelport for the demo: API, worker, PostgreSQL and Redis on a temporary folder. */
export interface DemoServer {
  url: string;
  /** Runs a command of `npm run token` or `npm run project`, and returns its output. */
  cli: (...args: string[]) => Promise<string>;
}

/** Resolves when it is ready to serve. */
export async function startDemoServer(cleanup: Cleanup): Promise<DemoServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'reelport-demo-'));
  await cleanup.add(() => rm(dataDir, { recursive: true, force: true }));
  // If root runs the demo, PostgreSQL runs as another user, which has to be able to enter its data folder.
  await chmod(dataDir, 0o711);
  const port = await freePort();
  const environment = {
    ...foreignVariables(),
    DATA_DIR: dataDir,
    PORT: String(port),
    TRUSTED_NETWORKS: '127.0.0.0/8',
    MIN_FREE_BYTES: '0',
  };
  // A process group of its own: Ctrl-C reaches only the demo, which then sends one SIGTERM.
  const server = spawn(process.execPath, ['dist/src/launch.cjs', 'standalone'], {
    cwd: ROOT,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  await cleanup.add(() => stop(server));
  await readiness(server);
  return {
    url: `http://127.0.0.1:${port}`,
    cli: async (...args) => {
      const { stdout } = await run(process.execPath, ['dist/src/reelport.js', ...args], {
        cwd: ROOT,
        env: environment,
      });
      return stdout.trim();
    },
  };
}

/** The environment without variables of Reelport, so that the demo cannot reach another installation. */
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
    // Forwards announcements, such as the installation of Redis.
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
