import { Injectable } from '@nestjs/common';
import { TimeSlices } from '../../http/time-slices.js';
import type { ImportKind } from '../import-kind.js';
import { importNotFound } from '../import-not-found.js';
import { StatusRepository } from './status.repository.js';

/** Slice size in the response; writing a slice to the socket takes milliseconds. */
const LARGE_BYTES = 256 * 1024;

@Injectable()
export class StatusService {
  constructor(private readonly repository: StatusRepository) {}

  /** @throws ApiError 404 if the project has no such import of this kind */
  async assertFound(kind: string, projectId: number, importId: string): Promise<void> {
    if (!(await this.repository.has(kind, projectId, importId))) throw importNotFound();
  }

  /** JSON text in UTF-8. @throws ApiError 404 if the project has no such import */
  async status(kind: ImportKind, projectId: number, importId: string): Promise<Buffer> {
    const texts = await this.repository.findStatus(kind, projectId, importId);
    if (texts === null) throw importNotFound();
    return encode(texts);
  }
}

/**
 * Sends slices, because a text of several megabytes would be joined, measured and encoded in one event-loop turn,
 * possibly together with those of other requests.
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
