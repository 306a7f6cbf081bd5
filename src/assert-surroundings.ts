import { accessSync, constants } from 'node:fs';
import { resolve } from 'node:path';
import { makeFolder } from '#libs/embedded';
import type { Environment } from './config/environment.js';
import { EnvironmentError } from './config/load-environment.js';
import { incomingFolder, mediaFolder } from './videos/media/media-folders.js';

/** Modules, sockets of the API, child processes: whatever the settings are. */
const FILES_OF_A_PROCESS = 256;
/** A connection to the origin, the file, and pipes to the processes that read headers. */
const FILES_PER_IMPORT = 4;

/**
 * Refuses to start on a data folder that cannot be used: later, that would be a hang or an error without a name.
 *
 * @throws EnvironmentError one line that names the variable and says what to change
 */
export function assertFolders(environment: Environment): void {
  const media = environment.STORAGE === 'local' ? [mediaFolder(environment)] : [];
  for (const folder of [resolve(environment.DATA_DIR), incomingFolder(environment), ...media]) {
    try {
      makeFolder(folder, 0o777);
      accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    } catch (error) {
      const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      throw new EnvironmentError(
        `DATA_DIR must be a folder that this process can make and write to: ${folder} cannot be used (${reason})`,
      );
    }
  }
}

/**
 * Refuses to start where too few files may be open: what waits for one hangs. Node.js has raised the limit by itself as
 * far as it may go.
 *
 * @param imports how many videos the process imports at once
 * @throws EnvironmentError one line that says what to change
 */
export function assertOpenFiles({ DATABASE_POOL }: Environment, imports: number): void {
  const limit = openFilesLimit();
  const needed = FILES_OF_A_PROCESS + DATABASE_POOL + FILES_PER_IMPORT * imports;
  if (limit >= needed) return;
  const or = imports > 0 ? ', or lower WORKER_CONCURRENCY' : '';
  throw new EnvironmentError(
    `The limit of open files is ${limit} and must be at least ${needed}: raise it with ulimit -n, or LimitNOFILE= in a unit of systemd${or}`,
  );
}

/** @returns Infinity where there is none or the system does not tell */
function openFilesLimit(): number {
  // The only place where Node.js tells.
  const report: { userLimits?: { open_files?: { soft?: unknown } } } = JSON.parse(
    JSON.stringify(process.report.getReport()),
  );
  const limit = Number(report.userLimits?.open_files?.soft);
  return Number.isFinite(limit) ? limit : Infinity;
}
