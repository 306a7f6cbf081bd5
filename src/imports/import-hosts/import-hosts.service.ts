import { Injectable } from '@nestjs/common';
import { ImportsService } from '../list/imports.service.js';
import { throttleOf } from '../waiting/host-throttle.dto.js';
import type { ImportHostDto, ImportHostsDto, ImportHostsQueryDto } from './import-hosts.dto.js';
import { ImportHostsRepository, type ImportHost } from './import-hosts.repository.js';

/** Rates are those of this time. */
const LATELY_MS = 30_000;
const SECOND_MS = 1_000;

/** Shows the progress of an import by host. */
@Injectable()
export class ImportHostsService {
  constructor(
    private readonly imports: ImportsService,
    private readonly repository: ImportHostsRepository,
  ) {}

  /** @throws ApiError 404 if the project has no such import */
  async list(projectId: number, importId: string, { limit }: ImportHostsQueryDto): Promise<ImportHostsDto> {
    const { startedAt, finishedAt } = await this.imports.row(projectId, importId);
    const end = finishedAt?.getTime() ?? Date.now();
    const since = Math.max(end - LATELY_MS, startedAt.getTime());
    // In the first second of a run, one file is no rate.
    const seconds = Math.max(end - since, SECOND_MS) / SECOND_MS;
    const rows = await this.repository.list(importId, new Date(since), limit);
    const [first] = rows;
    return {
      results: rows.map((row) => toDto(row, seconds)),
      total: first?.hosts ?? 0,
      bytes: first?.allBytes ?? 0,
      bytesPerSecond: (first?.allLatelyBytes ?? 0) / seconds,
    };
  }
}

function toDto(row: ImportHost, seconds: number): ImportHostDto {
  const { host, total, pending, running, planned, success, skipped, failed, bytes, lately, latelyBytes } =
    row;
  const items = { host, total, pending, running, planned, success, skipped, failed, bytes };
  const rates = { itemsPerSecond: lately / seconds, bytesPerSecond: latelyBytes / seconds };
  return { ...items, ...rates, ...throttleOf(row) };
}
