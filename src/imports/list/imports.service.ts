import { Injectable } from '@nestjs/common';
import { unknownCursor } from '../../http/unknown-cursor.js';
import { importNotFound } from '../import-not-found.js';
import { toImportDto, type ImportDto, type ImportsPageDto, type ImportsQueryDto } from './import.dto.js';
import { ImportsRepository } from './imports.repository.js';

@Injectable()
export class ImportsService {
  constructor(private readonly repository: ImportsRepository) {}

  /** @throws ApiError 404 if the project has no such import */
  async find(projectId: number, importId: string): Promise<ImportDto> {
    const row = await this.repository.find(projectId, importId);
    if (row === null) throw importNotFound();
    return toImportDto(row);
  }

  /** @throws ApiError 400 if the cursor is invalid */
  async list(projectId: number, query: ImportsQueryDto): Promise<ImportsPageDto> {
    const { state, systemName, limit, after } = query;
    const rows = await this.repository.list({ projectId, state, systemName, limit, after });
    if (rows.length === 0 && after !== undefined && (await this.repository.find(projectId, after)) === null) {
      throw unknownCursor();
    }
    const last = rows.length === limit ? rows.at(-1) : undefined;
    return { results: rows.map(toImportDto), ...(last !== undefined && { cursor: last.id }) };
  }
}
