import { lstat, opendir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import { codeOf } from '#libs/errors';
import { incomingFolder } from '../storage/media-folders.js';

/** Downloads on this machine that have not been written to for longer than the grace period. */
@Injectable()
export class Leftovers {
  constructor(private readonly environment: Environment) {}

  async remove(signal: AbortSignal): Promise<void> {
    const folder = incomingFolder(this.environment);
    const before = Date.now() - this.environment.ORPHAN_GRACE_MS;
    for await (const { name } of await opendir(folder)) {
      if (signal.aborted) return;
      const path = join(folder, name);
      const modifiedAt = await modificationTime(path);
      if (modifiedAt !== null && modifiedAt.getTime() < before) await rm(path, { force: true });
    }
  }
}

/** Returns null if the file is gone. */
async function modificationTime(path: string): Promise<Date | null> {
  try {
    return (await lstat(path)).mtime;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}
