import { execFileSync, spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { isRoot } from '#libs/system-packages';

/** The account that a program runs as. */
export interface Account {
  uid: number;
  gid: number;
}

/**
 * Selects the account of PostgreSQL, which refuses to run as root.
 *
 * @returns undefined for an ordinary user, who runs it directly; for root, the owner of existing data, otherwise
 *   `postgres` if that account exists, otherwise `nobody`
 */
export function postgresAccount(dataDirectory?: string): Account | undefined {
  if (!isRoot()) return undefined;
  const owner = dataDirectory === undefined ? undefined : statSync(dataDirectory, { throwIfNoEntry: false });
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const account = lookUp('postgres') ?? lookUp('nobody');
  if (account === undefined) throw new Error('Neither the account postgres nor nobody exists');
  return account;
}

/** Whether an account can enter a folder. This asks the system, because permissions depend on more than the mode. */
export function canEnter(account: Account, folder: string): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd "$0"', folder], { ...account, cwd: '/' }).status === 0;
}

function lookUp(name: string): Account | undefined {
  try {
    const ask = (flag: string): number =>
      Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
    return { uid: ask('-u'), gid: ask('-g') };
  } catch {
    // `id` exits with 1 if the account does not exist.
    return undefined;
  }
}
