import { Injectable } from '@nestjs/common';
import { unknownCursor } from '../../http/unknown-cursor.js';
import { Environment } from '../../config/environment.js';
import { isPlan } from '../import.entity.js';
import type { PlanDto } from '../plan/plan.dto.js';
import { PlansRepository } from '../plan/plans.repository.js';
import { importNotFound } from '../import-not-found.js';
import { toImportDto, type ImportDto, type ImportsPageDto, type ImportsQueryDto } from './import.dto.js';
import { ImportsRepository, type ImportRow } from './imports.repository.js';

@Injectable()
export class ImportsService {
  constructor(
    private readonly repository: ImportsRepository,
    private readonly plans: PlansRepository,
    private readonly environment: Environment,
  ) {}

  /** @throws ApiError 404 if the project has no such import */
  async find(projectId: number, importId: string): Promise<ImportDto> {
    const row = await this.row(projectId, importId);
    const shown = toImportDto(row);
    if (row.mode === 'plan') shown.plan = await this.planOf(projectId, row);
    return shown;
  }

  /** The import without its plan. @throws ApiError 404 */
  async row(projectId: number, importId: string): Promise<ImportRow> {
    const row = await this.repository.find(projectId, importId);
    if (row === null) throw importNotFound();
    return row;
  }

  private async planOf(projectId: number, row: ImportRow): Promise<PlanDto> {
    const { id, state, appliedAt, finishedAt } = row;
    const { bytes, drift, estimatedSeconds, ...totals } = await this.plans.summary(projectId, id);
    const expiresAt =
      state === 'planned' && finishedAt !== null
        ? new Date(finishedAt.getTime() + this.environment.PLAN_TTL)
        : null;
    const finished = !isPlan(row) || state !== 'started';
    return {
      finished,
      expiresAt,
      appliedAt,
      totals,
      bytes,
      estimatedSeconds,
      drift: appliedAt === null ? 0 : drift,
      outcomes: appliedAt === null ? [] : await this.plans.outcomes(id),
    };
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
