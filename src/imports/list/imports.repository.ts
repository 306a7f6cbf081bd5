import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository, type FindOptionsSelect, type SelectQueryBuilder } from 'typeorm';
import { Import, type ImportState } from '../import.entity.js';

/** All columns except those only used by the webhook, which may be large. */
const COLUMNS = {
  id: true,
  kind: true,
  systemName: true,
  state: true,
  mode: true,
  appliedAt: true,
  createdById: true,
  createdByName: true,
  total: true,
  planned: true,
  success: true,
  skipped: true,
  failed: true,
  notBefore: true,
  priority: true,
  createdAt: true,
  startedAt: true,
  finishedAt: true,
} as const satisfies FindOptionsSelect<Import>;

export type ImportRow = Pick<Import, keyof typeof COLUMNS>;

export interface ImportFilter {
  projectId: number;
  state?: ImportState | undefined;
  systemName?: string | undefined;
  limit: number;
  /** Id of the last import on the previous page. */
  after?: string | undefined;
}

@Injectable()
export class ImportsRepository {
  constructor(@InjectRepository(Import) private readonly imports: Repository<Import>) {}

  find(projectId: number, importId: string): Promise<ImportRow | null> {
    return this.imports.findOne({ select: COLUMNS, where: { projectId, id: importId } });
  }

  /** Lists imports, newest first. */
  list({ projectId, state, systemName, limit, after }: ImportFilter): Promise<ImportRow[]> {
    const query = this.imports
      .createQueryBuilder('import')
      .select(Object.keys(COLUMNS).map((column) => `import.${column}`))
      .where('import.projectId = :projectId', { projectId });
    if (state !== undefined) addState(query, state);
    if (systemName !== undefined) query.andWhere('import.systemName = :systemName', { systemName });
    if (after !== undefined) {
      query.andWhere(
        'import.sequence < (SELECT sequence FROM imports WHERE project_id = :projectId AND id = :after)',
        { after },
      );
    }
    return query.orderBy('import.sequence', 'DESC').limit(limit).getMany();
  }
}

/** Adds the condition that an import is shown in this state: a plan is `planned` from the beginning. */
function addState(query: SelectQueryBuilder<Import>, state: ImportState): void {
  const isPlan = `import.mode = 'plan' AND import.appliedAt IS NULL`;
  if (state === 'planned') query.andWhere(`${isPlan} AND import.state IN ('started', 'planned')`);
  else query.andWhere('import.state = :state', { state });
  if (state === 'started') query.andWhere(`NOT (${isPlan})`);
}
