import { open, stat, unlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { fromFileSystem, systemCode } from './local.errors.js';
import { Folders } from './local.folders.js';
import { listFiles } from './local.list.js';
import { moveFile } from './local.move.js';
import { SmallFileWriter } from './local.writer.js';
import type { ByteRange, ObjectMeta, Storage, StoredObject } from './storage.js';
import { StorageError } from './storage.error.js';
import { assertKey } from './storage.key.js';

/** Options of the storage on the local disk. */
export interface LocalStorageOptions {
  /** Root folder of all files; created on first use. */
  root: string;
  /** Whether `put` waits until a file would survive a power failure. Default: true; see the README for its cost. */
  durable?: boolean;
}

/** Stores files in folders by day below one root. Source files should be on the same file system. */
export class LocalStorage implements Storage {
  readonly flushesFiles: boolean;
  private readonly root: string;
  private readonly folders: Folders;
  private readonly writer: SmallFileWriter;

  constructor({ root, durable = true }: LocalStorageOptions) {
    this.flushesFiles = durable;
    this.root = resolve(root);
    this.folders = new Folders(durable);
    this.writer = new SmallFileWriter({ durable });
  }

  async put(key: string, source: string | Uint8Array, meta: ObjectMeta, signal?: AbortSignal): Promise<void> {
    const target = this.pathOf(key);
    signal?.throwIfAborted();
    try {
      const size = typeof source === 'string' ? (await stat(source)).size : source.byteLength;
      if (size !== meta.size)
        throw new StorageError('SIZE_MISMATCH', 'The file size differs from the announced size');
      if (typeof source === 'string')
        await this.folders.within(target, () => moveFile(source, target, this.folders.durable, signal));
      else await this.writer.write(target, source);
    } catch (error) {
      signal?.throwIfAborted();
      throw fromFileSystem(error);
    }
  }

  async delete(key: string): Promise<void> {
    try {
      await unlink(this.pathOf(key));
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw fromFileSystem(error);
    }
  }

  async stat(key: string): Promise<StoredObject | null> {
    try {
      const stats = await stat(this.pathOf(key));
      return { key, size: stats.size, modifiedAt: stats.mtime };
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return null;
      throw fromFileSystem(error);
    }
  }

  async read(key: string, range?: ByteRange): Promise<Readable> {
    try {
      // Opening the file here makes a missing file reject this promise instead of failing the stream.
      const handle = await open(this.pathOf(key), 'r');
      try {
        if (range && range.start >= (await handle.stat()).size) {
          throw new StorageError('RANGE', 'The range starts after the last byte');
        }
        return handle.createReadStream(range ?? {});
      } catch (error) {
        await handle.close();
        throw error;
      }
    } catch (error) {
      throw fromFileSystem(error);
    }
  }

  async *list(prefix = ''): AsyncGenerator<StoredObject> {
    try {
      yield* listFiles(this.root, prefix);
    } catch (error) {
      throw fromFileSystem(error);
    }
  }

  private pathOf(key: string): string {
    assertKey(key);
    return join(this.root, key);
  }
}
