import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { Client } from 'pg';
import type { Account } from '../postgres/account.js';
import type { ProcessIdentity } from '../process-identity.js';
import { readRunning } from '../running-record.js';

/** A program that executes actions sent over IPC, with the library as it is built. */
const PROGRAM = `
  import { startServices } from './lib/index.js';
  import { startGuardian } from './lib/guardian.js';
  import { tryLock } from './lib/owner-lock.js';
  import { startProcess } from './lib/service-process.js';
  import { writeFileSync } from 'node:fs';
  import pg from 'pg';
  let services;
  const actions = {
    start: async (options) => (services = await startServices(options)),
    stop: () => services.stop(),
    ask: async (sql) => {
      const client = new pg.Client({ connectionString: services.databaseUrl, options: '-c timezone=UTC' });
      await client.connect();
      const { rows } = await client.query(sql);
      await client.end();
      return rows;
    },
    lock: (folder) => 'release' in tryLock(folder, 'server'),
    guard: (process) => new Promise((onStart) => {
      const options = { record: '/nonexistent', log: console.error, onStart };
      startGuardian(options).then((guardian) => guardian.watch('redis', process));
    }),
    dieWhileStarting: ({ logFile, told }) => {
      const command = { name: 'Sleeper', file: 'sleep', args: ['1000'], cwd: '/', logFile, ending: [] };
      return startProcess(command, ({ identity }) => {
        writeFileSync(told, JSON.stringify(identity));
        process.kill(process.pid, 'SIGKILL');
      });
    },
    exit: () => process.exit(3),
    abort: () => process.abort(),
    throw: () => setImmediate(() => { throw new Error('Uncaught'); }),
    exhaust: () => { for (const kept = []; ; ) kept.push(new Array(1e6).fill(kept.length)); },
  };
  process.on('message', async ({ action, value }) => process.send({ answer: await actions[action](value) }));
`;

const source = join(import.meta.dirname, '..');
/** The library that this one depends on. */
const systemPackages = join(source, '../../system-packages/src');

const MANIFEST = { type: 'module', imports: { '#libs/system-packages': './system-packages/index.js' } };

/** Writes the program and the compiled libraries to a folder, whose `node_modules` must contain their dependencies. */
export function writeProgram(folder: string): void {
  compile(source, join(folder, 'lib'));
  compile(systemPackages, join(folder, 'system-packages'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify(MANIFEST));
  writeFileSync(join(folder, 'program.js'), PROGRAM);
}

function compile(from: string, target: string): void {
  for (const file of readdirSync(from, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts') || file.endsWith('.spec.ts')) continue;
    const { outputText } = ts.transpileModule(readFileSync(join(from, file), 'utf8'), {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 },
    });
    mkdirSync(dirname(join(target, file)), { recursive: true });
    writeFileSync(join(target, file.replace(/ts$/, 'js')), outputText);
  }
}

export interface RunOptions extends Partial<Account> {
  env?: NodeJS.ProcessEnv;
  /** Default: the Node of this process, which another account may be unable to execute (`/root/.nvm`). */
  execPath?: string;
  execArgv?: string[];
  /** Default: the streams of this process. */
  stdio?: 'ignore';
}

export function run(folder: string, { stdio, ...options }: RunOptions = {}): ChildProcess {
  const streams = stdio && { stdio: [stdio, stdio, stdio, 'ipc' as const] };
  return fork(join(folder, 'program.js'), { execArgv: [], ...options, ...streams, cwd: '/' });
}

export async function tell<T>(program: ChildProcess, action: string, value?: unknown): Promise<T> {
  const reply = once(program, 'message');
  const end = once(program, 'exit').then(() =>
    Promise.reject(new Error(`The program ended during: ${action}`)),
  );
  // Without a callback, a failed send is an uncaught error; the exit event reports the same.
  program.send({ action, value }, () => {});
  const [message] = await Promise.race([reply, end]);
  const { answer }: { answer: T } = message;
  return answer;
}

export async function kill(program: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  const end = once(program, 'exit');
  program.kill(signal);
  await end;
}

export async function ask(databaseUrl: string | undefined, sql: string): Promise<unknown[]> {
  const client = new Client(databaseUrl);
  await client.connect();
  try {
    return (await client.query<{ value: unknown }>(sql)).rows.map(({ value }) => value);
  } finally {
    await client.end();
  }
}

/** Returns all processes that the owner of a folder has started. */
export function processesOf(folder: string): ProcessIdentity[] {
  const { database, redis, guardian } = readRunning(folder) ?? {};
  return [database?.process, redis?.process, guardian].filter((process) => process !== undefined);
}
