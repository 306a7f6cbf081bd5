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

/** Where root keeps what another account has to reach, when the data folder is closed to that account. */
export function rootFolder(): string {
  mkdirSync(ROOT_FOLDER, { recursive: true });
  // Whatever the umask: others have to get through.
  chmodSync(ROOT_FOLDER, 0o755);
  return ROOT_FOLDER;
}

const RECORD = 'postgres.json';
const MARKER = 'belongs-to';
const THROWAWAY_PREFIX = 'reelport-postgres-';

/** What is known of the database of one data folder. */
export interface Place {
  /** The folder around the database, absolute. */
  directory: string;
  superuserPassword: string;
  password: string;
  /** There is a database in it, or was. */
  initialised: boolean;
  /** Made for test data, and removed with the end of its server. */
  throwaway: boolean;
}

/** The place that this folder remembers, if any. */
export function recordedPlace(folder: string): Place | undefined {
  const place = readPlace(join(folder, RECORD));
  if (place === undefined || isAbsolute(place.directory)) return place;
  return { ...place, directory: join(folder, place.directory) };
}

/** Makes a place for a new database and remembers it: inside the folder where the account can get there. */
export function makePlace(folder: string, account: Account | undefined, durable: boolean): Place {
  const inside = account === undefined || canEnter(account, folder);
  const place: Place = {
    directory: inside ? 'postgres' : outside(durable),
    superuserPassword: makePassword(),
    password: makePassword(),
    initialised: false,
    throwaway: !durable,
  };
  // The record comes first: a place that nobody remembers is one that the next sweep removes.
  writePlace(folder, place);
  const directory = inside ? join(folder, place.directory) : place.directory;
  if (!inside) makeOutside(directory, join(folder, RECORD));
  // A first start that was cut short may have left a beginning.
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { mode: 0o700 });
  if (account !== undefined) chownSync(directory, account.uid, account.gid);
  return { ...place, directory };
}

/** Remembers that the database is whole. */
export function markInitialised(folder: string): void {
  const place = readPlace(join(folder, RECORD));
  if (place !== undefined) writePlace(folder, { ...place, initialised: true });
}

/** Removes a place and the memory of it. */
export function removePlace(folder: string, { directory }: Place): void {
  const inside = dirname(directory) === folder;
  rmSync(inside ? directory : dirname(directory), { recursive: true, force: true });
  rmSync(join(folder, RECORD), { force: true });
}

/** Removes what throwaway databases left behind that were killed, once their data folder is gone. */
export function sweepThrowaways(): void {
  for (const name of readdirSync(tmpdir()).filter((name) => name.startsWith(THROWAWAY_PREFIX))) {
    const parent = join(tmpdir(), name);
    const marker = join(parent, MARKER);
    try {
      // Anybody may write in there: only what is ours, and no link to elsewhere.
      const { uid } = lstatSync(parent);
      if (uid !== process.getuid?.() || !lstatSync(marker).isFile()) continue;
      const record = readFileSync(marker, 'utf8');
      if (readPlace(record)?.directory === join(parent, 'postgres')) continue;
      rmSync(parent, { recursive: true, force: true });
    } catch {
      // Being made or removed by somebody else at this moment, or not readable: not ours to judge.
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
  // Whatever the umask: the account goes through to its own folder, and sees nothing on the way.
  chmodSync(parent, 0o711);
  writeFileSync(join(parent, MARKER), record, { mode: 0o644 });
}
