import type { CompletedPart } from '@aws-sdk/client-s3';
import type { FileHandle } from 'node:fs/promises';
import type { S3 } from './s3.client.js';
import type { PartBuffers } from './s3.part-buffers.js';
import { StorageError } from './storage.error.js';

const MIB = 1024 * 1024;
const MOST_PARTS = 10_000;
const LANES = 4;
/** What a shutdown may have to wait for. */
const MOST_CLEAN_UP_MS = 5_000;

/** Where an upload goes. */
export interface Target {
  bucket: string;
  key: string;
  mimeType: string;
  /** Refuse an existing object in the same request that writes (`If-None-Match: *`). */
  onlyIfNew: boolean;
}

/** One upload: what goes where. */
export interface Upload extends Target {
  source: FileHandle;
  /** In bytes. */
  size: number;
}

/** The least S3 allows, unless the file is so large that it would have more than 10,000 parts. */
export function partSizeOf(size: number): number {
  return Math.max(5 * MIB, Math.ceil(size / MOST_PARTS / MIB) * MIB);
}

/** Uploads in one request what fits into one part, and everything else in parts. */
export async function upload(
  s3: S3,
  what: Upload,
  buffers: PartBuffers,
  signal?: AbortSignal,
): Promise<void> {
  if (what.size <= partSizeOf(what.size)) await uploadWhole(s3, what, buffers, signal);
  else await uploadInParts(s3, what, buffers, signal);
}

async function uploadWhole(s3: S3, what: Upload, buffers: PartBuffers, signal?: AbortSignal) {
  await buffers.lend(what.size, async (buffer) => {
    await readFully(what.source, buffer, 0);
    await putObject(s3, what, buffer, signal);
  });
}

/** Uploads in one request. */
export async function putObject(
  { sdk, client }: S3,
  where: Target,
  bytes: Uint8Array,
  signal?: AbortSignal,
): Promise<void> {
  const command = new sdk.PutObjectCommand({
    ...target(where),
    ...ifNew(where),
    ContentType: where.mimeType,
    Body: bytes,
  });
  await client.send(command, { abortSignal: signal });
}

/**
 * The multipart protocol: create, parts, complete. When a part fails or the signal comes, the other parts are ended
 * at once, and the upload is aborted before the promise rejects, because parts of unfinished uploads are invisible
 * and cost money until somebody removes them.
 */
async function uploadInParts(s3: S3, what: Upload, buffers: PartBuffers, signal?: AbortSignal) {
  const { sdk, client } = s3;
  const created = await client.send(
    new sdk.CreateMultipartUploadCommand({
      ...target(what),
      ContentType: what.mimeType,
      ChecksumAlgorithm: 'CRC32',
    }),
    { abortSignal: signal },
  );
  const at = { ...target(what), UploadId: created.UploadId };
  try {
    const parts = await uploadParts(s3, what, at, buffers, signal);
    const complete = { ...at, ...ifNew(what), MultipartUpload: { Parts: parts } };
    await client.send(new sdk.CompleteMultipartUploadCommand(complete), { abortSignal: signal });
  } catch (error) {
    try {
      // Without the signal: it may be the very reason why we are here, and then nobody waits for long.
      await client.send(new sdk.AbortMultipartUploadCommand(at), {
        abortSignal: AbortSignal.timeout(MOST_CLEAN_UP_MS),
      });
    } catch {
      // The first error is the one to report; a lifecycle rule of the bucket removes what is left (see the README).
    }
    throw error;
  }
}

async function uploadParts(
  { sdk, client }: S3,
  what: Upload,
  at: { Bucket: string; Key: string; UploadId: string | undefined },
  buffers: PartBuffers,
  signal?: AbortSignal,
): Promise<CompletedPart[]> {
  const partSize = partSizeOf(what.size);
  const parts: CompletedPart[] = Array.from({ length: Math.ceil(what.size / partSize) }, (_, i) => ({
    PartNumber: i + 1,
  }));
  const waiting = parts.values();
  const failure = new AbortController();
  const stop = signal ? AbortSignal.any([signal, failure.signal]) : failure.signal;

  async function lane() {
    for (const part of waiting) {
      const position = ((part.PartNumber ?? 1) - 1) * partSize;
      await buffers.lend(Math.min(partSize, what.size - position), async (buffer) => {
        stop.throwIfAborted();
        await readFully(what.source, buffer, position);
        const command = new sdk.UploadPartCommand({
          ...at,
          PartNumber: part.PartNumber,
          Body: buffer,
          ChecksumAlgorithm: 'CRC32',
        });
        const { ETag, ChecksumCRC32 } = await client.send(command, { abortSignal: stop });
        Object.assign(part, { ETag, ...(ChecksumCRC32 !== undefined && { ChecksumCRC32 }) });
      });
    }
  }

  const lanes = Array.from({ length: LANES }, () =>
    lane().catch((error: unknown) => {
      failure.abort(error);
      throw error;
    }),
  );
  await Promise.allSettled(lanes);
  // The reason of the first failure; those of the other lanes only say that they were ended.
  stop.throwIfAborted();
  return parts;
}

async function readFully(source: FileHandle, buffer: Buffer, position: number): Promise<void> {
  for (let filled = 0; filled < buffer.length;) {
    const { bytesRead } = await source.read(buffer, filled, buffer.length - filled, position + filled);
    if (bytesRead === 0) throw new StorageError('SIZE_MISMATCH', 'The file became shorter while it was read');
    filled += bytesRead;
  }
}

function target({ bucket, key }: Target) {
  return { Bucket: bucket, Key: key };
}

function ifNew({ onlyIfNew }: Target) {
  return onlyIfNew ? { IfNoneMatch: '*' } : {};
}
