import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Waits until all written data is on the disk. The baseline leaves its writes to the system, which would perform them
 * during the measurement of the product.
 *
 * @throws Error if `sync` (POSIX) is missing
 */
export async function settledDisk(): Promise<void> {
  await run('sync');
}
