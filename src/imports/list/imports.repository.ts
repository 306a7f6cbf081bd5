import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ImportState } from '../import.entity.js';

export interface ImportRow {
  id: string;
  kind: string;
  systemName: string;
  state: ImportState;
  total: number;
  success: number;
  skipped: number;
  failed: number;
  createdAt: Date;
  startedAt: Date;
  finishedAt: Date | null;
}

export interface ImportFilter {
  projectId: number;
  state?: ImportState | undefined;
  systemName?: string | undefined;
  limit: number;
  /** Id of the last import of the page before. */
  after?: string | undefined;
}

const COLUMNS = `import.id, import.kind, import.system_name AS "systemName", import.state, import.total, import.success,
  import.skipped, import.failed, import.created_at AS "createdAt", import.started_at AS "startedAt",
  import.finished_at AS "finishedAt"`;

@Injectable()
export class ImportsRepository {
  constructor(private readonly dataSource: DataSource) {}

  async find(projectId: number, importId: string): Promise<ImportRow | null> {
    const rows: ImportRow[] = await this.dataSource.query(
      `SELECT ${COLUMNS} FROM imports import WHERE import.project_id = $1 AND import.id = $2`,
      [projectId, importId],
    );
    return rows[0] ?? null;
  }

  /** Newest first. */
  list({ projectId, state, systemName, limit, after }: ImportFilter): Promise<ImportRow[]> {
    return this.dataSource.query(
      `SELECT ${COLUMNS} FROM imports import
       WHERE import.project_id = $1
         AND ($2::text IS NULL OR import.state = $2)
         AND ($3::text IS NULL OR import.system_name = $3)
         AND ($4::text IS NULL OR import.sequence <
           (SELECT last.sequence FROM imports last WHERE last.project_id = $1 AND last.id = $4))
       ORDER BY import.sequence DESC
       LIMIT $5`,
      [projectId, state ?? null, systemName ?? null, after ?? null, limit],
    );
  }
}
