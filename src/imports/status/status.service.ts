import { Injectable } from '@nestjs/common';
import { TimeSlices } from '../../http/time-slices.js';
import type { ImportKind } from '../import-kind.js';
import { importNotFound } from '../import-not-found.js';
import { StatusRepository } from './status.repository.js';

/** What is sent in a slice of its own: to hand it to the system takes milliseconds. */
const LARGE_BYTES = 256 * 1024;

@Injectable()
export class StatusService {
  constructor(private readonly repository: StatusRepository) {}

  /** JSON text in UTF-8. @throws ApiError 404 where the project has no such import */
  async status(kind: ImportKind, projectId: number, importId: string): Promise<Buffer> {
    const texts = await this.repository.findStatus(kind, projectId, importId);
    if (texts === null) throw importNotFound();
    return encode(texts);
  }
}

/**
 * In slices: a text of megabytes would be put together, measured and encoded in one go while it is sent, and others may
 * be sent in the same turn of the event loop.
 */
async function encode(texts: readonly string[]): Promise<Buffer> {
  const slices = new TimeSlices();
  const chunks: Buffer[] = [];
  for (const text of texts) {
    chunks.push(Buffer.from(text, 'utf8'));
    if (slices.isOver) await slices.pause();
  }
  const body = Buffer.concat(chunks);
  if (body.byteLength > LARGE_BYTES) await slices.pause();
  return body;
}
