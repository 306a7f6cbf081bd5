import type { CompletedPart } from '@aws-sdk/client-s3';
import type { FileHandle } from 'node:fs/promises';
import type { S3 } from './s3.client.js';
import type { PartBuffers } from './s3.part-buffers.js';
import { StorageError } from './storage.error.js';

const MIB = 1024 * 1024;
const MOST_PARTS = 10_000;
const LANES = 4;
/** Limits the delay of a shutdown. */
const MOST_CLEAN_UP_MS = 5_000;

/** The destination of an upload. */
export interface Target {
  bucket: string;
  key: string;
  mimeType: string;
  /** Refuse an existing object in the same request that writes (`If-None-Match: *`). */
  onlyIfNew: boolean;
}

/** An upload: source and destination. */
export interface Upload extends Target {
  source: FileHandle;
  /** Bytes. */
  size: number;
}

/** The minimum of S3, unless the file would then have more than 10,000 parts. @returns bytes */
export function partSizeOf(size: number): number {
  return Math.max(5 * MIB, Math.ceil(size / MOST_PARTS / MIB) * MIB);
}

/** Uploads a file of at most one part in one request, and a larger one in parts. */
export async function upload(
  s3: S3,
  file: Upload,
  buffers: PartBuffers,
  signal?: AbortSignal,
): Promise<void> {
  if (file.size <= partSizeOf(file.size)) await uploadWhole(s3, file, buffers, signal);
  else await uploadInParts(s3, file, buffers, signal);
}

async function uploadWhole(s3: S3, file: Upload, buffers: PartBuffers, signal?: AbortSignal) {
  await buffers.lend(file.size, async (buffer) => {
    await readFully(file.source, buffer, 0);
    await putObject(s3, file, buffer, signal);
  });
}

/** Uploads bytes in one request. */
export async function putObject(
  { sdk, client }: S3,
  destination: Target,
  bytes: Uint8Array,
  signal?: AbortSignal,
): Promise<void> {
  const command = new sdk.PutObjectCommand({
    ...target(destination),
    ...ifNew(destination),
    ContentType: destination.mimeType,
    Body: bytes,
  });
  await client.send(command, { abortSignal: signal });
}

/**
 * The multipart protocol: create, upload parts, complete. If a part fails or the signal aborts, the other parts are
 * stopped immediately, and the upload is aborted before the promise rejects: parts of unfinished uploads are invisible
 * and cost money until they are removed.
 */
async function uploadInParts(s3: S3, file: Upload, buffers: PartBuffers, signal?: AbortSignal) {
  const { sdk, client } = s3;
  const created = await client.send(
    new sdk.CreateMultipartUploadCommand({
      ...target(file),
      ContentType: file.mimeType,
      ChecksumAlgorithm: 'CRC32',
    }),
    { abortSignal: signal },
  );
  const at = { ...target(file), UploadId: created.UploadId };
  try {
    const parts = await uploadParts(s3, file, at, buffers, signal);
    const complete = { ...at, ...ifNew(file), MultipartUpload: { Parts: parts } };
    await client.send(new sdk.CompleteMultipartUploadCommand(complete), { abortSignal: signal });
  } catch (error) {
    try {
      // Without the caller's signal, which may have caused the failure; the timeout limits the delay.
      await client.send(new sdk.AbortMultipartUploadCommand(at), {
        abortSignal: AbortSignal.timeout(MOST_CLEAN_UP_MS),
      });
    } catch {
      // The first error is reported; a lifecycle rule of the bucket removes the rest (see the README).
    }
    throw error;
  }
}

async function uploadParts(
  { sdk, client }: S3,
  file: Upload,
  at: { Bucket: string; Key: string; UploadId: string | undefined },
  buffers: PartBuffers,
  signal?: AbortSignal,
): Promise<CompletedPart[]> {
  const partSize = partSizeOf(file.size);
  const parts: CompletedPart[] = Array.from({ length: Math.ceil(file.size / partSize) }, (_, i) => ({
    PartNumber: i + 1,
  }));
  const waiting = parts.values();
  const failure = new AbortController();
  const stop = signal ? AbortSignal.any([signal, failure.signal]) : failure.signal;

  async function lane() {
    for (const part of waiting) {
      const position = ((part.PartNumber ?? 1) - 1) * partSize;
      await buffers.lend(Math.min(partSize, file.size - position), async (buffer) => {
        stop.throwIfAborted();
        await readFully(file.source, buffer, position);
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
  // Throws the first failure; the other lanes only report that they were stopped.
  stop.throwIfAborted();
  return parts;
}

async function readFully(source: FileHandle, buffer: Buffer, position: number): Promise<void> {
  for (let filled = 0; filled < buffer.length;) {
    const { bytesRead } = await source.read(buffer, filled, buffer.length - filled, position + filled);
    if (bytesRead === 0) throw new StorageError('SIZE_MISMATCH', 'The file was truncated while it was read');
    filled += bytesRead;
  }
}

function target({ bucket, key }: Target) {
  return { Bucket: bucket, Key: key };
}

function ifNew({ onlyIfNew }: Target) {
  return onlyIfNew ? { IfNoneMatch: '*' } : {};
}
