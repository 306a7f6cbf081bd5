import { accessSync, constants } from 'node:fs';
import { resolve } from 'node:path';
import { codeOf } from '#libs/errors';
import { makeFolder } from '#libs/embedded';
import type { Environment } from '../config/environment.js';
import { EnvironmentError } from '../config/parse-environment.js';
import { incomingFolder, mediaFolder } from '../media/storage/media-folders.js';

/** Modules, API sockets, child processes: independent of the settings. */
const FILES_OF_A_PROCESS = 256;
/** A connection to the origin, the file, and pipes to the probe processes. */
const FILES_PER_IMPORT = 4;

/**
 * Refuses to start with an unusable data folder, which would later cause a hang or an unclear error.
 *
 * @throws EnvironmentError one line that names the variable and the required change
 */
export function assertFolders(environment: Environment): void {
  const media = environment.STORAGE === 'local' ? [mediaFolder(environment)] : [];
  for (const folder of [resolve(environment.DATA_DIR), incomingFolder(environment), ...media]) {
    try {
      makeFolder(folder, 0o777);
      accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    } catch (error) {
      const reason = codeOf(error) ?? String(error);
      throw new EnvironmentError(
        `DATA_DIR must be a folder that this process can create and write to: ${folder} cannot be used (${reason})`,
      );
    }
  }
}

/**
 * Refuses to start if the open file limit is too low: operations that wait for a descriptor hang. Node.js has already
 * raised the soft limit as far as possible.
 *
 * @param imports number of concurrent imports of the process
 * @throws EnvironmentError one line with the required change
 */
export function assertOpenFiles({ DATABASE_POOL }: Environment, imports: number): void {
  const limit = openFilesLimit();
  const needed = FILES_OF_A_PROCESS + DATABASE_POOL + FILES_PER_IMPORT * imports;
  if (limit >= needed) return;
  const or = imports > 0 ? ', or lower WORKER_CONCURRENCY' : '';
  throw new EnvironmentError(
    `The open file limit is ${limit} and must be at least ${needed}: raise it with ulimit -n or LimitNOFILE= in the systemd unit${or}`,
  );
}

/** @returns Infinity if there is no limit or the system does not report it */
function openFilesLimit(): number {
  // Node.js reports the limit nowhere else.
  const report: { userLimits?: { open_files?: { soft?: unknown } } } = JSON.parse(
    JSON.stringify(process.report.getReport()),
  );
  const limit = Number(report.userLimits?.open_files?.soft);
  return Number.isFinite(limit) ? limit : Infinity;
}
