import { createReadStream, createWriteStream } from 'node:fs';
import { link, rm, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { systemCode } from './local.errors.js';
import { syncFile, syncFolder } from './local.sync.js';

/** Other file system, or one without hard links (FAT, some network shares and containers). */
const CANNOT_LINK = new Set(['EXDEV', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/**
 * Gives a file another name, and never replaces one that is there: rename(2) would do so silently, link(2) fails
 * with EEXIST. The old name goes last, so that at no moment, power cuts included, there is no name at all.
 *
 * @returns once the file is there; with `durable`, once it would survive a power cut
 */
export async function moveFile(
  source: string,
  target: string,
  durable: boolean,
  signal?: AbortSignal,
): Promise<void> {
  if (durable) await syncFile(source);
  signal?.throwIfAborted();
  try {
    await link(source, target);
  } catch (error) {
    if (!CANNOT_LINK.has(systemCode(error) ?? '')) throw error;
    await copyFile(source, target, durable, signal);
  }
  try {
    if (durable) await syncFolder(dirname(target));
    await unlink(source);
  } catch (error) {
    await rm(target, { force: true });
    throw error;
  }
}

/**
 * Copies straight to the final name, not by way of a temporary one: nobody knows the key before the move is over, and
 * what a crash leaves behind has a key, so that the search for orphans finds it.
 */
async function copyFile(
  source: string,
  target: string,
  durable: boolean,
  signal?: AbortSignal,
): Promise<void> {
  const output = createWriteStream(target, { flags: 'wx' });
  let ours = false;
  output.once('open', () => (ours = true));
  try {
    await pipeline(createReadStream(source), output, { signal });
    if (durable) await syncFile(target);
  } catch (error) {
    if (ours) await rm(target, { force: true });
    throw error;
  }
}
