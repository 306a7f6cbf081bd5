import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { AttemptRecord } from './outbox.repository.js';
import type { DeliveryState } from './webhook-delivery.entity.js';

export interface DeliveryRow {
  id: string;
  importId: string;
  url: string;
  state: DeliveryState;
  nextAttemptAt: Date | null;
  createdAt: Date;
  deliveredAt: Date | null;
  attempts: AttemptRow[];
}

/** As JSON has it: `startedAt` is a text. */
export type AttemptRow = Omit<AttemptRecord, 'startedAt'> & { number: number; startedAt: string };

export interface DeliveryFilter {
  projectId: number;
  importId?: string | undefined;
  state?: DeliveryState | undefined;
  limit: number;
  after?: string | undefined;
}

/** What a project is shown of its deliveries. */
@Injectable()
export class WebhookDeliveriesRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Newest first. */
  list({ projectId, importId, state, limit, after }: DeliveryFilter): Promise<DeliveryRow[]> {
    return this.dataSource.query(
      `SELECT delivery.id, delivery.import_id AS "importId", delivery.url, delivery.state,
         CASE WHEN delivery.state = 'pending' THEN delivery.next_attempt_at END AS "nextAttemptAt",
         delivery.created_at AS "createdAt", delivery.delivered_at AS "deliveredAt",
         coalesce((
           SELECT json_agg(json_build_object('number', attempt.number, 'startedAt', attempt.started_at,
             'durationMs', attempt.duration_ms, 'statusCode', attempt.status_code, 'error', attempt.error)
             ORDER BY attempt.number)
           FROM webhook_attempts attempt WHERE attempt.delivery_id = delivery.id), '[]') AS attempts
       FROM webhook_deliveries delivery
       WHERE delivery.project_id = $1
         AND ($2::text IS NULL OR delivery.import_id = $2)
         AND ($3::text IS NULL OR delivery.state = $3)
         AND ($4::text IS NULL OR (delivery.created_at, delivery.id) <
           (SELECT last.created_at, last.id FROM webhook_deliveries last WHERE last.project_id = $1 AND last.id = $4))
       ORDER BY delivery.created_at DESC, delivery.id DESC
       LIMIT $5`,
      [projectId, importId ?? null, state ?? null, after ?? null, limit],
    );
  }

  async has(projectId: number, id: string): Promise<boolean> {
    const rows: unknown[] = await this.dataSource.query(
      'SELECT 1 FROM webhook_deliveries WHERE project_id = $1 AND id = $2',
      [projectId, id],
    );
    return rows.length > 0;
  }

  /** Starts the schedule over, due at once. @returns whether the project has such a delivery */
  async redeliver(tx: EntityManager, projectId: number, id: string): Promise<boolean> {
    const [, count]: [unknown[], number] = await tx.query(
      `UPDATE webhook_deliveries
       SET state = 'pending', next_attempt_at = now(), delivered_at = NULL, scheduled_from = attempts
       WHERE project_id = $1 AND id = $2`,
      [projectId, id],
    );
    return count > 0;
  }
}
