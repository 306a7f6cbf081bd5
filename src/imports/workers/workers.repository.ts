import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

export interface WorkerSign {
  id: string;
  hostName: string;
  concurrency: number;
  heldBy: string | null;
  roundMs: number | null;
}

/** Unseen for so long, a worker is gone. */
const GONE_AFTER = '30 seconds';

@Injectable()
export class WorkersRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Writes down that a worker is there, and forgets those that have not been seen for long. */
  async seen({ id, hostName, concurrency, heldBy, roundMs }: WorkerSign): Promise<void> {
    await this.dataSource.query(
      `WITH gone AS (DELETE FROM workers WHERE seen_at < now() - interval '1 hour' AND id <> $1)
       INSERT INTO workers (id, host_name, concurrency, held_by, round_ms) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (id) DO UPDATE SET held_by = excluded.held_by, round_ms = excluded.round_ms, seen_at = now()`,
      [id, hostName, concurrency, heldBy, roundMs],
    );
  }

  async forget(id: string): Promise<void> {
    await this.dataSource.query('DELETE FROM workers WHERE id = $1', [id]);
  }

  /** The workers that are there. */
  alive(): Promise<WorkerSign[]> {
    return this.dataSource.query(
      `SELECT id, host_name AS "hostName", concurrency, held_by AS "heldBy", round_ms AS "roundMs"
       FROM workers WHERE seen_at > now() - interval '${GONE_AFTER}' ORDER BY started_at`,
    );
  }
}
