import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject, vi } from 'vitest';
import type { Scope } from '../../src/auth/scopes.js';
import { createProject, createToken, TOKEN_SECRET, type TestProject } from './accounts.js';
import { createDatabase, type TestDatabase } from './database.js';
import { freePort } from './free-port.js';
import { argumentsOf, type Program } from './programs.js';

const START_TIMEOUT_MS = 120_000;

export type { TestProject } from './accounts.js';
export type { Program } from './programs.js';

/** A real Reelport in separate processes, with its own database, key prefix and data folder. */
export interface Reelport {
  url: string;
  dataDir: string;
  database: TestDatabase;
  /** Process id of a running program. */
  pid(program?: Program): number;
  /** Everything that the processes have printed so far. */
  output(): string;
  /** Starts the processes, also again, on the same data. */
  start(environment?: Record<string, string>): Promise<void>;
  /** Sends a signal and waits for the exit. Returns the exit code or signal of the first program. */
  stop(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals>;
  createProject(name?: string): Promise<TestProject>;
  createToken(project: TestProject, scopes?: readonly Scope[], expiresInMs?: number): Promise<string>;
  /** Stops the processes and removes all data. */
  remove(): Promise<void>;
}

/** Output of a ready program. A worker prints nothing and starts with the pending items. */
const READY: Record<Program, string> = {
  standalone: 'Reelport is ready',
  main: 'Nest application successfully started',
  worker: '',
};

/** Commands of an app of a team that start the same. */
const COMMANDS: Record<Program, string> = {
  standalone: 'start',
  main: 'start:api',
  worker: 'start:worker',
};

/**
 * Starts programs from `dist`, which `npm test` builds, each in its own process.
 *
 * @param app a program that calls `createReelport()`, instead of those of Reelport itself
 */
export async function startReelport(
  environment: Record<string, string> = {},
  programs: readonly Program[] = ['standalone'],
  app?: string,
): Promise<Reelport> {
  const database = await createDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'reelport-e2e-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const base = {
    DATABASE_URL: database.url,
    REDIS_URL: inject('redisUrl'),
    REDIS_PREFIX: `test-${randomUUID()}`,
    DATA_DIR: dataDir,
    PORT: String(port),
    PUBLIC_URL: url,
    TOKEN_SECRET,
    TRUSTED_NETWORKS: '127.0.0.0/8',
    MIN_FREE_BYTES: '0',
    // All tests share one client address and send many requests.
    RATE_LIMIT_ADDRESS: '0',
    RATE_LIMIT_TOKEN: '0',
    RATE_LIMIT_FAILED_AUTH: '0',
    ...environment,
  };
  const children = new Map<Program, ChildProcess>();
  let output = '';

  async function start(more: Record<string, string> = {}): Promise<void> {
    for (const program of programs) await startProgram(program, more);
  }

  async function startProgram(program: Program, more: Record<string, string>): Promise<void> {
    const started = spawn(
      process.execPath,
      app === undefined ? argumentsOf(program) : [app, COMMANDS[program]],
      {
        env: { PATH: process.env['PATH'], ...base, ...more },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    children.set(program, started);
    await new Promise<void>((resolve, reject) => {
      const giveUp = setTimeout(
        () => reject(new Error(`Reelport did not start:\n${output}`)),
        START_TIMEOUT_MS,
      );
      const ready = (): void => {
        clearTimeout(giveUp);
        resolve();
      };
      let printed = '';
      const listen = (chunk: Buffer): void => {
        output += String(chunk);
        printed += String(chunk);
        if (printed.includes(READY[program])) ready();
      };
      started.stdout.on('data', listen);
      started.stderr.on('data', listen);
      started.once('exit', (code) => {
        clearTimeout(giveUp);
        reject(new Error(`Reelport ended with ${code}:\n${output}`));
      });
      if (READY[program] === '') ready();
    });
    if (program === 'main') await untilListening(url);
  }

  async function stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | NodeJS.Signals> {
    const endings = await Promise.all([...children.values()].map((child) => stopChild(child, signal)));
    return endings[0] ?? 0;
  }

  await start();
  return {
    url,
    dataDir,
    database,
    pid: (program = programs[0]) => {
      const pid = program && children.get(program)?.pid;
      if (pid === undefined) throw new Error(`${program} was not started`);
      return pid;
    },
    output: () => output,
    start,
    stop,
    createProject: (name) => createProject(database.dataSource, name),
    createToken: (project, scopes, expiresInMs) =>
      createToken(database.dataSource, project, scopes, expiresInMs),
    remove: async () => {
      await stop();
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Nest reports that it has started before it listens. */
async function untilListening(url: string): Promise<void> {
  await vi.waitFor(() => fetch(`${url}/health/live`), { timeout: START_TIMEOUT_MS, interval: 50 });
}

async function stopChild(running: ChildProcess, signal: NodeJS.Signals): Promise<number | NodeJS.Signals> {
  if (running.exitCode !== null || running.signalCode !== null) return 0;
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    running.once('exit', (code, endedBy) => resolve(code ?? endedBy ?? 0));
  });
  running.kill(signal);
  return ended;
}
