import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LRUCache } from 'lru-cache';
import { systemCode } from './local.errors.js';
import { syncFolder } from './local.sync.js';

/** Folders that are not looked for again; of others it costs one call to know that they exist. */
export const MAX_KNOWN = 10_000;

/**
 * Creates folders on first use. Concurrent requests for a folder share one promise, so that no caller continues before
 * the folder is durable.
 */
export class Folders {
  private readonly known = new LRUCache<string, Promise<void>>({ max: MAX_KNOWN });
  /** By folder: the flush in flight, and the next one that waits for it. */
  private readonly flushing = new Map<string, Promise<void>>();
  private readonly waiting = new Map<string, Promise<void>>();

  /** @param durable whether folders and their entries must survive a power failure */
  constructor(readonly durable: boolean) {}

  /** Runs an action that needs the parent folder of `target`. */
  async within(target: string, action: () => Promise<void>): Promise<void> {
    const folder = dirname(target);
    await this.ensure(folder);
    try {
      await action();
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw error;
      // Another process removed the folder.
      this.known.delete(folder);
      await this.ensure(folder);
      await action();
    }
  }

  /** Flushes a folder. All names created during a flush share the next one. */
  sync(folder: string): Promise<void> {
    const waiting = this.waiting.get(folder);
    if (waiting) return waiting;
    const before = this.flushing.get(folder) ?? Promise.resolve();
    const next = before.then(
      () => this.flush(folder),
      () => this.flush(folder),
    );
    this.waiting.set(folder, next);
    return next;
  }

  private ensure(folder: string): Promise<void> {
    let made = this.known.get(folder);
    if (!made) {
      made = this.make(folder);
      this.known.set(folder, made);
      made.catch(() => this.known.delete(folder));
    }
    return made;
  }

  private async flush(folder: string): Promise<void> {
    const flushed = syncFolder(folder);
    this.waiting.delete(folder);
    this.flushing.set(folder, flushed);
    try {
      await flushed;
    } finally {
      if (this.flushing.get(folder) === flushed) this.flushing.delete(folder);
    }
  }

  private async make(folder: string): Promise<void> {
    const first = await mkdir(folder, { recursive: true });
    if (!this.durable || first === undefined) return;
    // Every new folder is an entry in its parent, up to the first folder that existed before.
    for (let made = folder; made.length >= first.length; made = dirname(made))
      await syncFolder(dirname(made));
  }
}
