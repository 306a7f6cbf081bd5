import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { statement } from '../../database/statement.js';
import type { ImportMode } from '../import.entity.js';
import { newImportId } from '../import-id.js';

/** Who posted a batch. */
export interface CreatedBy {
  /** Of the access token, or of the caller at the identity provider. */
  id: string;
  name: string;
}

export interface NewImport {
  projectId: number;
  kind: string;
  systemName: string;
  webhook: string | null;
  /** JSON text as received. */
  context: string | null;
  total: number;
  mode: ImportMode;
  createdBy: CreatedBy;
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
    mode: ImportMode,
    createdById: string,
    createdByName: string,
  ]
>(
  'imports.accept',
  `INSERT INTO imports (id, project_id, kind, system_name, webhook, context, total, mode, created_by_id,
     created_by_name)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
   ON CONFLICT (id) DO NOTHING`,
);

@Injectable()
export class AcceptRepository {
  /** @returns the id of the new import */
  async insertImport(
    tx: EntityManager,
    { projectId, kind, systemName, webhook, context, total, mode, createdBy }: NewImport,
  ): Promise<string> {
    for (;;) {
      const id = newImportId();
      const { id: byId, name } = createdBy;
      const values = [id, projectId, kind, systemName, webhook, context, total, mode, byId, name] as const;
      if ((await insertImport.count(tx, ...values)) > 0) return id;
    }
  }
}
