import { createReadStream, createWriteStream } from 'node:fs';
import { link, rm, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { systemCode } from './local.errors.js';
import { syncFile, syncFolder } from './local.sync.js';

/** Another file system, or one without hard links (FAT, some network shares and containers). */
const CANNOT_LINK = new Set(['EXDEV', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/**
 * Renames a file without ever replacing an existing one: rename(2) would replace it silently, link(2) fails with
 * EEXIST. The old name is removed last, so the bytes have a name at every moment, including power failures.
 *
 * @returns when the file exists; with `durable`, when it would survive a power failure
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
 * Copies directly to the final name instead of a temporary one: the key is unknown until the move ends, and a copy left
 * behind by a crash has a key, so the orphan sweep finds it.
 */
async function copyFile(
  source: string,
  target: string,
  durable: boolean,
  signal?: AbortSignal,
): Promise<void> {
  const output = createWriteStream(target, { flags: 'wx' });
  let created = false;
  output.once('open', () => (created = true));
  try {
    await pipeline(createReadStream(source), output, { signal });
    if (durable) await syncFile(target);
  } catch (error) {
    if (created) await rm(target, { force: true });
    throw error;
  }
}
