import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Waits until everything written so far is on the disk. The floor leaves that to the system, which would do it while the
 * product is measured, and waits for its own files.
 *
 * @throws Error where there is no `sync` (POSIX)
 */
export async function settledDisk(): Promise<void> {
  await run('sync');
}
