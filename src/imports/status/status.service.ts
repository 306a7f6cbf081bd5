import { Injectable } from '@nestjs/common';
import type { ImportKind } from '../import-kind.js';
import { importNotFound } from '../import-not-found.js';
import { StatusRepository } from './status.repository.js';

@Injectable()
export class StatusService {
  constructor(private readonly repository: StatusRepository) {}

  /** JSON text. @throws ApiError 404 where the project has no such import */
  async status(kind: ImportKind, projectId: number, importId: string): Promise<string> {
    const status = await this.repository.findStatus(kind, projectId, importId);
    if (status === null) throw importNotFound();
    return status;
  }
}
