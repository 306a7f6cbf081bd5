import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { prepared } from '../../database/preparing-client.js';
import type { NewItem } from '../import-kind.js';
import { newImportId } from '../import-id.js';

export interface NewImport {
  projectId: number;
  kind: string;
  systemName: string;
  webhook: string | null;
  /** JSON text, as the client sent it. */
  context: string | null;
  total: number;
}

/** Items per statement: one statement for 10 000 would hold the event loop while its text is made. */
const SLICE = 500;

@Injectable()
export class AcceptRepository {
  /** Writes the import's row; its id. */
  async insertImport(
    tx: EntityManager,
    { projectId, kind, systemName, webhook, context, total }: NewImport,
  ): Promise<string> {
    for (;;) {
      const rows: Array<{ id: string }> = await tx.query(
        `INSERT INTO imports (id, project_id, kind, system_name, webhook, context, total)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (id) DO NOTHING
         RETURNING id`,
        [newImportId(), projectId, kind, systemName, webhook, context, total],
      );
      const [row] = rows;
      if (row !== undefined) return row.id;
    }
  }

  /** Writes the items in the order given. */
  async insertItems(tx: EntityManager, importId: string, items: readonly NewItem[]): Promise<void> {
    for (let start = 0; start < items.length; start += SLICE) {
      const records = items
        .slice(start, start + SLICE)
        .map(({ externalId, title, payload, exact, originHost }, index) => ({
          position: start + index,
          external_id: externalId,
          title,
          payload: exact === undefined ? payload : { ...payload, ...exact },
          origin_host: originHost,
        }));
      await tx.query(
        prepared(`INSERT INTO import_items (import_id, position, external_id, title, payload, origin_host)
         SELECT $1, position, external_id, title, payload, origin_host
         FROM json_to_recordset($2::json)
           AS item (position integer, external_id text, title text, payload jsonb, origin_host text)`),
        [importId, JSON.stringify(records)],
      );
    }
  }
}
