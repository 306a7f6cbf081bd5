import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { readPrivate, writePrivate } from '../private-file.js';
import { canEnter, type Account } from './account.js';

const ROOT_FOLDER = '/var/lib/reelport';

/** Returns root's folder for files that another account must reach if it cannot enter the data folder. */
export function rootFolder(): string {
  mkdirSync(ROOT_FOLDER, { recursive: true });
  // Regardless of the umask, other accounts must be able to enter.
  chmodSync(ROOT_FOLDER, 0o755);
  return ROOT_FOLDER;
}

const RECORD = 'postgres.json';
const MARKER = 'belongs-to';
const THROWAWAY_PREFIX = 'reelport-postgres-';

/** The database of a data folder. */
export interface Place {
  /** Absolute path of the folder around the database. */
  directory: string;
  superuserPassword: string;
  password: string;
  /** Whether a database was created in it. */
  initialised: boolean;
  /** Whether it holds test data that is removed when its server ends. */
  throwaway: boolean;
}

/** Returns the recorded place of a folder, if any. */
export function recordedPlace(folder: string): Place | undefined {
  const place = readPlace(join(folder, RECORD));
  if (place === undefined || isAbsolute(place.directory)) return place;
  return { ...place, directory: join(folder, place.directory) };
}

/** Creates and records a place for a new database: inside the folder if the account can enter it. */
export function makePlace(folder: string, account: Account | undefined, durable: boolean): Place {
  const inside = account === undefined || canEnter(account, folder);
  const place: Place = {
    directory: inside ? 'postgres' : outside(durable),
    superuserPassword: makePassword(),
    password: makePassword(),
    initialised: false,
    throwaway: !durable,
  };
  // The record comes first: a place without a record is removed by the next sweep.
  writePlace(folder, place);
  const directory = inside ? join(folder, place.directory) : place.directory;
  if (!inside) makeOutside(directory, join(folder, RECORD));
  // An interrupted first start may have left files.
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { mode: 0o700 });
  if (account !== undefined) chownSync(directory, account.uid, account.gid);
  return { ...place, directory };
}

/** Records that the database is complete. */
export function markInitialised(folder: string): void {
  const place = readPlace(join(folder, RECORD));
  if (place !== undefined) writePlace(folder, { ...place, initialised: true });
}

/** Removes a place and its record. */
export function removePlace(folder: string, { directory }: Place): void {
  const inside = dirname(directory) === folder;
  rmSync(inside ? directory : dirname(directory), { recursive: true, force: true });
  rmSync(join(folder, RECORD), { force: true });
}

/** Removes throwaway databases of killed processes whose data folder no longer exists. */
export function sweepThrowaways(): void {
  for (const name of readdirSync(tmpdir()).filter((name) => name.startsWith(THROWAWAY_PREFIX))) {
    const parent = join(tmpdir(), name);
    const marker = join(parent, MARKER);
    try {
      // Every user can write to this folder: accept only our own entries, and no symbolic links.
      const { uid } = lstatSync(parent);
      if (uid !== process.getuid?.() || !lstatSync(marker).isFile()) continue;
      const record = readFileSync(marker, 'utf8');
      if (readPlace(record)?.directory === join(parent, 'postgres')) continue;
      rmSync(parent, { recursive: true, force: true });
    } catch {
      // Another process is creating or removing it, or it is not readable: skip it.
    }
  }
}

const makePassword = (): string => randomBytes(24).toString('base64url');

function readPlace(record: string): Place | undefined {
  const content = readPrivate(record);
  return content === undefined ? undefined : JSON.parse(content);
}

function writePlace(folder: string, place: Place): void {
  writePrivate(join(folder, RECORD), JSON.stringify(place));
}

function outside(durable: boolean): string {
  const id = randomBytes(6).toString('hex');
  const parent = durable ? join(rootFolder(), id) : join(tmpdir(), `${THROWAWAY_PREFIX}${id}`);
  return join(parent, 'postgres');
}

function makeOutside(directory: string, record: string): void {
  const parent = dirname(directory);
  mkdirSync(parent);
  // Regardless of the umask, the account can reach its own folder but cannot list this one.
  chmodSync(parent, 0o711);
  writeFileSync(join(parent, MARKER), record, { mode: 0o644 });
}
