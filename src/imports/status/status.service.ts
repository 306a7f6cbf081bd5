import { Injectable } from '@nestjs/common';
import { TimeSlices } from '../../http/time-slices.js';
import type { ImportKind } from '../import-kind.js';
import { importNotFound } from '../import-not-found.js';
import { StatusRepository } from './status.repository.js';

/** Characters of a text that is sent in a slice of its own. */
const LARGE = 256 * 1024;

@Injectable()
export class StatusService {
  constructor(private readonly repository: StatusRepository) {}

  /** JSON text. @throws ApiError 404 where the project has no such import */
  async status(kind: ImportKind, projectId: number, importId: string): Promise<string> {
    const status = await this.repository.findStatus(kind, projectId, importId);
    if (status === null) throw importNotFound();
    // Megabytes that have just been read take as long again to be sent, and others may have come in as well.
    if (status.length > LARGE) await new TimeSlices().pause();
    return status;
  }
}
