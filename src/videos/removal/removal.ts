import { lstat, opendir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import type { Storage } from '#libs/storage';
import { Environment } from '../../config/environment.js';
import { codeOf } from '../../http/error-code.js';
import { incomingFolder } from '../media/media-folders.js';
import { MEDIA_STORAGE } from '../media/media-storage.js';
import { OrphansRepository } from './orphans.repository.js';

/** Rows and keys that are looked at together. */
const SLICE = 500;

/**
 * Removes files that nobody needs any more, and none before its grace period is over: replaced ones, those that a crash
 * has left in storage, and downloads that nobody goes on with.
 */
@Injectable()
export class Removal {
  constructor(
    private readonly orphans: OrphansRepository,
    @Inject(MEDIA_STORAGE) private readonly storage: Storage,
    private readonly environment: Environment,
  ) {}

  async run(signal: AbortSignal): Promise<void> {
    await this.removeLeftovers(signal);
    await this.orphans.exclusively(async () => {
      await this.removeReplaced(signal);
      await this.removeUnrecorded(signal);
    });
  }

  /** Files of assets that no video refers to. The row goes first: a file without a row is found by the next look. */
  private async removeReplaced(signal: AbortSignal): Promise<void> {
    await this.orphans.mark();
    while (!signal.aborted) {
      const keys = await this.orphans.take(this.environment.ORPHAN_GRACE_MS, SLICE);
      for (const key of keys) await this.storage.delete(key);
      if (keys.length < SLICE) return;
    }
  }

  /** Files that were stored and never recorded. A result may be recorded for half of the grace period only. */
  private async removeUnrecorded(signal: AbortSignal): Promise<void> {
    let old: string[] = [];
    for await (const { key, modifiedAt } of this.storage.list()) {
      if (signal.aborted) return;
      if (this.isOver(modifiedAt)) old.push(key);
      if (old.length < SLICE) continue;
      await this.removeUnknown(old);
      old = [];
    }
    await this.removeUnknown(old);
  }

  private async removeUnknown(keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    for (const key of await this.orphans.unknown(keys)) await this.storage.delete(key);
  }

  /** Downloads of this machine that nobody has written to for long. */
  private async removeLeftovers(signal: AbortSignal): Promise<void> {
    const folder = incomingFolder(this.environment);
    for await (const { name } of await opendir(folder)) {
      if (signal.aborted) return;
      const path = join(folder, name);
      const modifiedAt = await modificationTime(path);
      if (modifiedAt !== null && this.isOver(modifiedAt)) await rm(path, { force: true });
    }
  }

  private isOver(modifiedAt: Date): boolean {
    return Date.now() - modifiedAt.getTime() > this.environment.ORPHAN_GRACE_MS;
  }
}

/** Null where the file has gone meanwhile. */
async function modificationTime(path: string): Promise<Date | null> {
  try {
    return (await lstat(path)).mtime;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}
