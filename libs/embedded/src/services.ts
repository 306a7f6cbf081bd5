import { existsSync, realpathSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { attach } from './attach.js';
import { EmbeddedInUseError, EmbeddedUnavailableError } from './errors.js';
import { makeFolder } from './make-folder.js';
import { tryLock, type Holder, type OwnerLock, type Role } from './owner-lock.js';
import { isRoot } from '#libs/system-packages';
import { runServices } from './run-services.js';
import type { Services, ServicesOptions, SomeServices } from './services.options.js';

// A command holds the services briefly; a server takes its time to start or stop.
const TIMEOUT_MS = 60_000;

/**
 * Starts PostgreSQL and Redis for the server that owns a data folder. They end with this process for any reason. The
 * services of a killed server are stopped first; a running command is awaited.
 *
 * @returns the URLs and `stop()`
 * @throws EmbeddedInUseError if another server owns the folder; nothing is changed
 * @throws EmbeddedUnavailableError if a service cannot run on this machine
 */
export async function startServices(options: ServicesOptions & { need?: undefined }): Promise<Services>;
export async function startServices(options: ServicesOptions): Promise<SomeServices>;
export async function startServices(options: ServicesOptions): Promise<SomeServices> {
  return acquire(options, 'server', ({ role, process }, { dataDir }) => {
    if (role === 'server') throw new EmbeddedInUseError(process.pid, dataDir);
    return undefined;
  });
}

/**
 * Lets a command use the services of a data folder: those of a running server, which keep running, otherwise its own,
 * which `stop()` ends.
 *
 * @returns the URLs and `stop()`
 * @throws EmbeddedInUseError if the owner neither becomes ready nor ends
 * @throws EmbeddedUnavailableError if a service cannot run on this machine, or the owner runs without it
 */
export async function useServices(options: ServicesOptions & { need?: undefined }): Promise<Services>;
export async function useServices(options: ServicesOptions): Promise<SomeServices>;
export async function useServices(options: ServicesOptions): Promise<SomeServices> {
  return acquire(options, 'command', (holder, { folder }) =>
    holder.role === 'server' ? attach(folder, holder, options.need) : undefined,
  );
}

/** Whether services have been started with this folder before. */
export function hasData(dataDir: string): boolean {
  return existsSync(join(dataDir, FOLDER));
}

/** Subfolder with everything of the services. */
const FOLDER = 'embedded';

interface Location {
  dataDir: string;
  folder: string;
}

async function acquire(
  options: ServicesOptions,
  role: Role,
  whileHeld: (holder: Holder, location: Location) => SomeServices | undefined,
): Promise<SomeServices> {
  assertTemporaryFolder();
  const location = makeLocation(options.dataDir);
  const limit = Date.now() + TIMEOUT_MS;
  for (;;) {
    const result = lockOf(location, role);
    if (isLock(result)) return runServices(location.folder, result, options);
    const services = whileHeld(result, location);
    if (services !== undefined) return services;
    if (Date.now() > limit) throw new EmbeddedInUseError(result.process.pid, location.dataDir);
    await delay(50);
  }
}

function lockOf({ dataDir, folder }: Location, role: Role): OwnerLock | Holder {
  try {
    return tryLock(folder, role);
  } catch (cause) {
    throw unusable(dataDir, cause);
  }
}

function unusable(dataDir: string, cause: unknown): EmbeddedUnavailableError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new EmbeddedUnavailableError(
    `The data folder ${dataDir} cannot be used (${reason}): set DATA_DIR to another folder`,
    { cause },
  );
}

const isLock = (result: OwnerLock | Holder): result is OwnerLock => 'release' in result;

/** Redis needs the temporary folder for its socket, and throwaway databases may be stored there. */
function assertTemporaryFolder(): void {
  if (statSync(tmpdir(), { throwIfNoEntry: false })?.isDirectory() === true) return;
  throw new EmbeddedUnavailableError(
    `The temporary folder ${tmpdir()} does not exist: create it, or set TMPDIR to another folder`,
  );
}

/** @throws EmbeddedUnavailableError if the folder cannot be created */
function makeLocation(path: string): Location {
  // As root, PostgreSQL's account must be able to traverse the folder; its other files are private.
  const mode = isRoot() ? 0o711 : 0o700;
  try {
    makeFolder(path, mode);
    const dataDir = realpathSync(path);
    const folder = join(dataDir, FOLDER);
    makeFolder(folder, mode);
    return { dataDir, folder };
  } catch (cause) {
    throw unusable(path, cause);
  }
}
