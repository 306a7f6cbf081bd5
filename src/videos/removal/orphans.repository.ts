import { Injectable } from '@nestjs/common';
import { DataSource, type QueryRunner } from 'typeorm';

/** Any number that nothing else uses. */
const REMOVAL_LOCK = 7_333_503;

const UNREFERENCED = 'NOT EXISTS (SELECT FROM videos video WHERE video.asset_id = asset.id)';

@Injectable()
export class OrphansRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Does something unless another process of this installation does it at the moment. No transaction stays open. */
  async exclusively(task: () => Promise<void>): Promise<void> {
    const connection = this.dataSource.createQueryRunner();
    try {
      if (!(await lock(connection))) return;
      try {
        await task();
      } finally {
        await connection.query('SELECT pg_advisory_unlock($1)', [REMOVAL_LOCK]);
      }
    } finally {
      await connection.release();
    }
  }

  /** Starts the grace period of assets that no video refers to any more. */
  async mark(): Promise<void> {
    await this.dataSource.query(
      `UPDATE assets asset SET orphaned_at = now() WHERE orphaned_at IS NULL AND ${UNREFERENCED}`,
    );
  }

  /**
   * Removes the rows of assets whose grace period is over, and returns the keys of their files. A result that is being
   * recorded takes its asset back, or keeps its row from being removed by the foreign key.
   */
  async take(graceMs: number, count: number): Promise<string[]> {
    const [rows]: [Array<{ storage_key: string }>, number] = await this.dataSource.query(
      `DELETE FROM assets WHERE id IN (
         SELECT id FROM assets asset
         WHERE orphaned_at < now() - $1 * interval '1 millisecond' AND ${UNREFERENCED}
         ORDER BY orphaned_at LIMIT $2 FOR UPDATE SKIP LOCKED
       ) RETURNING storage_key`,
      [graceMs, count],
    );
    return rows.map(({ storage_key }) => storage_key);
  }

  /** Which of these keys no asset has. */
  async unknown(keys: readonly string[]): Promise<string[]> {
    const rows: Array<{ key: string }> = await this.dataSource.query(
      `SELECT key FROM unnest($1::text[]) AS key
       WHERE NOT EXISTS (SELECT FROM assets WHERE storage_key = key)`,
      [keys],
    );
    return rows.map(({ key }) => key);
  }
}

async function lock(connection: QueryRunner): Promise<boolean> {
  const rows: Array<{ locked: boolean }> = await connection.query(
    'SELECT pg_try_advisory_lock($1) AS locked',
    [REMOVAL_LOCK],
  );
  return rows[0]?.locked ?? false;
}
