import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ImportKind } from '../import-kind.js';

@Injectable()
export class StatusRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * The status of an import as JSON text, made by the database: ten thousand items go out without becoming objects.
   *
   * @returns null where the project has no such import
   */
  async findStatus(kind: ImportKind, projectId: number, importId: string): Promise<string | null> {
    const own = kind.resultParameters.length;
    const rows: Array<{ status: string }> = await this.dataSource.query(
      `SELECT CASE WHEN import.state = 'started'
         THEN json_build_object(
           'finished', false,
           'state', import.state,
           'id', import.id,
           'startedAt', to_char(import.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'),
           'progress', json_build_object(
             'total', import.total, 'success', import.success, 'skipped', import.skipped, 'failed', import.failed,
             'pending', import.total - import.success - import.skipped - import.failed))
         ELSE json_build_object(
           'finished', true,
           'state', import.state,
           'id', import.id,
           '${kind.name}', (
             SELECT json_agg(
               CASE item.state
                 WHEN 'success' THEN json_build_object(
                   'status', item.state, 'state', item.state,
                   'systemName', import.system_name, 'externalId', item.external_id, 'title', item.title,
                   '${kind.resultName}', ${kind.resultSql})
                 WHEN 'skipped' THEN json_build_object(
                   'status', item.state, 'state', item.state, 'reason', item.reason,
                   'systemName', import.system_name, 'externalId', item.external_id, 'title', item.title,
                   '${kind.resultName}', ${kind.resultSql})
                 ELSE json_build_object(
                   'status', item.state, 'state', item.state, 'reason', item.reason,
                   'code', item.code, 'retryable', item.retryable,
                   'systemName', import.system_name, 'externalId', item.external_id, 'title', item.title)
               END ORDER BY item.position)
             FROM import_items item WHERE item.import_id = import.id),
           'overview', json_build_object(
             'total', import.total, 'success', import.success, 'skipped', import.skipped, 'failed', import.failed))
         END::text AS status
       FROM imports import
       WHERE import.id = $${own + 1} AND import.project_id = $${own + 2} AND import.kind = $${own + 3}`,
      [...kind.resultParameters, importId, projectId, kind.name],
    );
    return rows[0]?.status ?? null;
  }
}
