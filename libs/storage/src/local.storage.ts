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

export interface LocalStorageOptions {
  /** The folder all files live below. It is made when it is first needed. */
  root: string;
  /** Whether `put` waits until a file would survive a power cut. Default true; the README says what it costs. */
  durable?: boolean;
}

/** Files in folders by day, below one root. Files to be stored are best kept on the same file system. */
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
        throw new StorageError('SIZE_MISMATCH', 'The file is not as long as it should be');
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
      // Opened here and not by the stream, so that a missing file rejects this promise.
      const handle = await open(this.pathOf(key), 'r');
      try {
        if (range && range.start >= (await handle.stat()).size) {
          throw new StorageError('RANGE', 'The range begins behind the last byte');
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
