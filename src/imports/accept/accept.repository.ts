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
  /** Earliest time of the first attempts; default: at once. */
  notBefore?: Date | null;
  /** -1, 0 or 1; default: 0. */
  priority?: number;
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
    notBefore: Date | null,
    priority: number,
  ]
>(
  'imports.accept',
  `INSERT INTO imports (id, project_id, kind, system_name, webhook, context, total, mode, created_by_id,
     created_by_name, webhook_events, told_event_id, not_before, priority, started_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, CASE WHEN 'items.finished' = ANY($11::text[]) THEN 0 END,
     $12, $13, greatest(now(), $12))
   ON CONFLICT (id) DO NOTHING`,
);

@Injectable()
export class AcceptRepository {
  /** @returns the id of the new import */
  async insertImport(tx: EntityManager, batch: NewImport): Promise<string> {
    const { projectId, kind, systemName, webhook, context, total, mode, createdBy } = batch;
    const { webhookEvents = DEFAULT_WEBHOOK_EVENTS, notBefore = null, priority = 0 } = batch;
    for (;;) {
      const id = newImportId();
      const head = [id, projectId, kind, systemName, webhook, context, total, mode] as const;
      const more = [createdBy.id, createdBy.name, webhookEvents, notBefore, priority] as const;
      const values = [...head, ...more] as const;
      if ((await insertImport.count(tx, ...values)) > 0) return id;
    }
  }
}
