import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chownSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Account } from './account.js';
import { POSTGRES_ENVIRONMENT } from './binaries.js';
import type { Place } from './place.js';

/** The superuser; the app uses a role with fewer rights. */
export const SUPERUSER = 'postgres';

/** Returns the data directory of a place. */
export const dataDirectoryOf = (place: Place): string => join(place.directory, 'data');

/**
 * Creates the database cluster of a place: UTF-8, sorted by code point with PostgreSQL's own tables, so that it is the
 * same on every system; passwords as SCRAM.
 *
 * The cluster gets its final name only when it is complete.
 */
export async function createCluster(
  place: Place,
  binaries: string,
  account: Account | undefined,
  durable: boolean,
): Promise<void> {
  const draft = join(place.directory, `new-${randomUUID()}`);
  const passwordFile = `${draft}.password`;
  try {
    writeFileSync(passwordFile, place.superuserPassword, { mode: 0o600, flag: 'wx' });
    if (account !== undefined) chownSync(passwordFile, account.uid, account.gid);
    const args = [`--pgdata=${draft}`, `--username=${SUPERUSER}`, `--pwfile=${passwordFile}`];
    args.push('--auth=scram-sha-256', '--encoding=UTF8', '--no-instructions');
    args.push('--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8');
    if (!durable) args.push('--no-sync');
    await run(join(binaries, 'bin', 'initdb'), args, account);
    renameSync(draft, dataDirectoryOf(place));
  } finally {
    rmSync(passwordFile, { force: true });
    if (existsSync(draft)) rmSync(draft, { recursive: true, force: true });
  }
}

async function run(file: string, args: string[], account: Account | undefined): Promise<void> {
  const child = spawn(file, args, {
    ...account,
    cwd: '/',
    env: POSTGRES_ENVIRONMENT,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  if (code !== 0) throw new Error(`initdb exited with ${code}: ${complaint.trim()}`);
}
