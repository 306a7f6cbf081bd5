import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemCode } from './local.errors.js';
import { syncFolder } from './local.sync.js';

/**
 * Makes folders when they are first needed. All who ask for one folder share one promise, so that nobody goes on
 * while another is still making it durable.
 */
export class Folders {
  private readonly known = new Map<string, Promise<void>>();
  /** By folder: the flush that is under way, and the one that begins after it. */
  private readonly flushing = new Map<string, Promise<void>>();
  private readonly waiting = new Map<string, Promise<void>>();

  /** @param durable whether folders are to survive a power cut, with what is in them */
  constructor(readonly durable: boolean) {}

  /** Does something that needs the folder of a file to be there. */
  async within(target: string, action: () => Promise<void>): Promise<void> {
    const folder = dirname(target);
    await this.ensure(folder);
    try {
      await action();
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw error;
      // Somebody removed the folder behind our back.
      this.known.delete(folder);
      await this.ensure(folder);
      await action();
    }
  }

  /** Flushes a folder, once for all names that came into it while it was flushed the last time. */
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
    // Every new folder is an entry in its parent, up to the first one that was there before.
    for (let made = folder; made.length >= first.length; made = dirname(made))
      await syncFolder(dirname(made));
  }
}
