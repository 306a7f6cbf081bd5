import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from './local.sync.js';

/**
 * Makes folders when they are first needed. All who ask for one folder share one promise, so that nobody goes on
 * while another is still making it durable.
 */
export class Folders {
  private readonly known = new Map<string, Promise<void>>();

  constructor(private readonly durable: boolean) {}

  ensure(folder: string): Promise<void> {
    let made = this.known.get(folder);
    if (!made) {
      made = this.make(folder);
      this.known.set(folder, made);
      made.catch(() => this.forget(folder));
    }
    return made;
  }

  /** To be called when a folder turns out to be gone. */
  forget(folder: string): void {
    this.known.delete(folder);
  }

  private async make(folder: string): Promise<void> {
    const first = await mkdir(folder, { recursive: true });
    if (!this.durable || first === undefined) return;
    // Every new folder is an entry in its parent, up to the first one that was there before.
    for (let made = folder; made.length >= first.length; made = dirname(made))
      await syncFolder(dirname(made));
  }
}
