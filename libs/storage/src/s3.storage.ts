import { open, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { connectS3, type S3, type S3ClientOptions } from './s3.client.js';
import { fromS3, httpStatus } from './s3.errors.js';
import { PartBuffers } from './s3.part-buffers.js';
import { putObject, upload, type Target } from './s3.upload.js';
import type { ByteRange, ObjectMeta, Storage, StoredObject } from './storage.js';
import { StorageError } from './storage.error.js';
import { assertKey, isKey } from './storage.key.js';

/** Options of the storage in an S3 bucket. */
export interface S3StorageOptions extends S3ClientOptions {
  bucket: string;
  /** Prefix of every key, such as `videos`; a slash is added if missing. Default: none. */
  prefix?: string;
  /**
   * Whether the server refuses an existing key while writing (`If-None-Match: *`: Amazon, MinIO, R2, Ceph). Default:
   * true. Use false for servers that answer such a request with 501; the key is then checked before writing.
   */
  conditionalWrites?: boolean;
}

/** 12 parts of 5 MiB: enough to fill a fast line, and small enough for a small machine. */
const MOST_PARTS_IN_MEMORY = 12;

/** Stores files in an S3 bucket, of Amazon or of any compatible server. */
export class S3Storage implements Storage {
  /** The file is only read once and then removed, so it need not be on the disk. */
  readonly flushesFiles = false;

  private readonly bucket: string;
  private readonly prefix: string;
  private readonly conditionalWrites: boolean;
  private readonly buffers = new PartBuffers(MOST_PARTS_IN_MEMORY);
  private connected: Promise<S3> | undefined;

  constructor(private readonly options: S3StorageOptions) {
    this.bucket = options.bucket;
    this.prefix = options.prefix ? `${options.prefix.replace(/^\/+|\/+$/g, '')}/` : '';
    this.conditionalWrites = options.conditionalWrites ?? true;
  }

  async put(key: string, source: string | Uint8Array, meta: ObjectMeta, signal?: AbortSignal): Promise<void> {
    const target = this.objectKey(key);
    signal?.throwIfAborted();
    try {
      const { bucket, conditionalWrites: onlyIfNew } = this;
      const destination = { bucket, key: target, mimeType: meta.mimeType, onlyIfNew };
      if (!onlyIfNew && (await this.stat(key))) throw new StorageError('EXISTS', 'The key already exists');
      if (typeof source === 'string') await this.putFile(destination, source, meta, signal);
      else await this.putBytes(destination, source, meta, signal);
    } catch (error) {
      signal?.throwIfAborted();
      throw fromS3(error);
    }
  }

  async delete(key: string): Promise<void> {
    const at = this.at(key);
    try {
      const { sdk, client } = await this.connect();
      await client.send(new sdk.DeleteObjectCommand(at));
    } catch (error) {
      throw fromS3(error);
    }
  }

  async stat(key: string): Promise<StoredObject | null> {
    const at = this.at(key);
    try {
      const { sdk, client } = await this.connect();
      const head = await client.send(new sdk.HeadObjectCommand(at));
      return { key, size: head.ContentLength ?? 0, modifiedAt: head.LastModified ?? new Date(0) };
    } catch (error) {
      if (httpStatus(error) === 404) return null;
      throw fromS3(error);
    }
  }

  async read(key: string, range?: ByteRange): Promise<Readable> {
    const at = { ...this.at(key), ...(range && { Range: `bytes=${range.start}-${range.end}` }) };
    try {
      const { sdk, client } = await this.connect();
      const { Body } = await client.send(new sdk.GetObjectCommand(at));
      if (Body instanceof Readable) return Body;
    } catch (error) {
      throw fromS3(error);
    }
    throw new StorageError('UNAVAILABLE', 'The bucket returned no body');
  }

  async *list(prefix = ''): AsyncGenerator<StoredObject> {
    try {
      const { sdk, client } = await this.connect();
      const pages = sdk.paginateListObjectsV2(
        { client },
        { Bucket: this.bucket, Prefix: this.prefix + prefix },
      );
      for await (const { Contents = [] } of pages) {
        for (const { Key = '', Size = 0, LastModified = new Date(0) } of Contents) {
          const key = Key.slice(this.prefix.length);
          if (isKey(key)) yield { key, size: Size, modifiedAt: LastModified };
        }
      }
    } catch (error) {
      throw fromS3(error);
    }
  }

  private async putFile(
    destination: Target,
    path: string,
    meta: ObjectMeta,
    signal?: AbortSignal,
  ): Promise<void> {
    const s3 = await this.connect();
    const source = await open(path, 'r');
    try {
      const { size } = await source.stat();
      assertSize(size, meta);
      await upload(s3, { ...destination, source, size }, this.buffers, signal);
    } finally {
      await source.close();
    }
    await rm(path, { force: true });
  }

  private async putBytes(
    destination: Target,
    bytes: Uint8Array,
    meta: ObjectMeta,
    signal?: AbortSignal,
  ): Promise<void> {
    assertSize(bytes.byteLength, meta);
    await putObject(await this.connect(), destination, bytes, signal);
  }

  private connect(): Promise<S3> {
    return (this.connected ??= connectS3(this.options));
  }

  private at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.bucket, Key: this.objectKey(key) };
  }

  private objectKey(key: string): string {
    assertKey(key);
    return this.prefix + key;
  }
}

function assertSize(size: number, meta: ObjectMeta): void {
  if (size !== meta.size)
    throw new StorageError('SIZE_MISMATCH', 'The file size differs from the announced size');
}
