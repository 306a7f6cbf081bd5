import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { statement } from '../../database/statement.js';
import { newImportId } from '../import-id.js';

export interface NewImport {
  projectId: number;
  kind: string;
  systemName: string;
  webhook: string | null;
  /** JSON text as received. */
  context: string | null;
  total: number;
}

const insertImport = statement<
  [
    id: string,
    projectId: number,
    kind: string,
    systemName: string,
    webhook: string | null,
    context: string | null,
    total: number,
  ]
>(
  'imports.accept',
  `INSERT INTO imports (id, project_id, kind, system_name, webhook, context, total)
   VALUES ($1, $2, $3, $4, $5, $6, $7)
   ON CONFLICT (id) DO NOTHING`,
);

@Injectable()
export class AcceptRepository {
  /** @returns the id of the new import */
  async insertImport(
    tx: EntityManager,
    { projectId, kind, systemName, webhook, context, total }: NewImport,
  ): Promise<string> {
    for (;;) {
      const id = newImportId();
      const values = [id, projectId, kind, systemName, webhook, context, total] as const;
      if ((await insertImport.count(tx, ...values)) > 0) return id;
    }
  }
}
