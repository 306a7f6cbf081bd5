import { realpathSync, statSync } from 'node:fs';
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

// A command holds the services for a moment; a server takes its time to start or to stop.
const PATIENCE_MS = 60_000;

/**
 * Brings up PostgreSQL and Redis for the server that owns a data folder. They end with this process, whatever ends it.
 * A server that was killed is tidied up after first; a command in progress is waited for.
 *
 * @throws EmbeddedInUseError while another server owns the folder; nothing of it is touched
 * @throws EmbeddedUnavailableError where a service cannot be had here
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
 * Lets a command use the services of a data folder: those of the server that runs, whose they stay, else its
 * own, which `stop()` takes down again.
 *
 * @throws EmbeddedInUseError where the owner neither gets ready nor ends
 * @throws EmbeddedUnavailableError where a service cannot be had here, or the owner does without it
 */
export async function useServices(options: ServicesOptions & { need?: undefined }): Promise<Services>;
export async function useServices(options: ServicesOptions): Promise<SomeServices>;
export async function useServices(options: ServicesOptions): Promise<SomeServices> {
  return acquire(options, 'command', (holder, { folder }) =>
    holder.role === 'server' ? attach(folder, holder, options.need) : undefined,
  );
}

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
  const limit = Date.now() + PATIENCE_MS;
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
    `The data folder ${dataDir} cannot be used (${reason}): choose another with DATA_DIR`,
    { cause },
  );
}

const isLock = (result: OwnerLock | Holder): result is OwnerLock => 'release' in result;

/** Redis has its socket there, and throwaway databases can lie there. */
function assertTemporaryFolder(): void {
  if (statSync(tmpdir(), { throwIfNoEntry: false })?.isDirectory() === true) return;
  throw new EmbeddedUnavailableError(
    `The folder for temporary files ${tmpdir()} does not exist: make it, or set TMPDIR to another`,
  );
}

/** @throws EmbeddedUnavailableError where the folder cannot be made */
function makeLocation(path: string): Location {
  // As root PostgreSQL's account has to come through to its data; the files beside it are closed to it.
  const mode = isRoot() ? 0o711 : 0o700;
  try {
    makeFolder(path, mode);
    const dataDir = realpathSync(path);
    const folder = join(dataDir, 'embedded');
    makeFolder(folder, mode);
    return { dataDir, folder };
  } catch (cause) {
    throw unusable(path, cause);
  }
}
