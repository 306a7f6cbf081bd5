import { execFileSync, spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { isRoot } from '#libs/system-packages';

/** Whom a program runs as. */
export interface Account {
  uid: number;
  gid: number;
}

/**
 * Whom PostgreSQL has to run as, for it refuses to run as root: undefined for "as ourselves", the way of an ordinary user; as root the owner
 * of the data there is, else `postgres` where that account exists, else `nobody`.
 */
export function postgresAccount(dataDirectory?: string): Account | undefined {
  if (!isRoot()) return undefined;
  const owner = dataDirectory === undefined ? undefined : statSync(dataDirectory, { throwIfNoEntry: false });
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const account = lookUp('postgres') ?? lookUp('nobody');
  if (account === undefined) throw new Error('Neither of the accounts postgres and nobody exists');
  return account;
}

/** Whether an account may go into a folder, asked of the system itself: modes are not the whole story. */
export function canEnter(account: Account, folder: string): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd "$0"', folder], { ...account, cwd: '/' }).status === 0;
}

function lookUp(name: string): Account | undefined {
  try {
    const ask = (flag: string): number =>
      Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
    return { uid: ask('-u'), gid: ask('-g') };
  } catch {
    // id ends with 1 where there is no such account.
    return undefined;
  }
}
