import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { statement } from '../../database/statement.js';
import { DEFAULT_WEBHOOK_EVENTS } from '../events/webhook-events.decorator.js';
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
  /** Default: the end of the import. */
  webhookEvents?: readonly string[] | undefined;
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
    webhookEvents: readonly string[],
  ]
>(
  'imports.accept',
  `INSERT INTO imports (id, project_id, kind, system_name, webhook, context, total, mode, created_by_id,
     created_by_name, webhook_events, told_event_id)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, CASE WHEN 'items.finished' = ANY($11::text[]) THEN 0 END)
   ON CONFLICT (id) DO NOTHING`,
);

@Injectable()
export class AcceptRepository {
  /** @returns the id of the new import */
  async insertImport(
    tx: EntityManager,
    { webhookEvents = DEFAULT_WEBHOOK_EVENTS, createdBy, ...batch }: NewImport,
  ): Promise<string> {
    const { projectId, kind, systemName, webhook, context, total, mode } = batch;
    for (;;) {
      const id = newImportId();
      const { id: byId, name } = createdBy;
      const head = [id, projectId, kind, systemName, webhook, context, total, mode] as const;
      const values = [...head, byId, name, webhookEvents] as const;
      if ((await insertImport.count(tx, ...values)) > 0) return id;
    }
  }
}
