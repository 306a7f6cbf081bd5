import { Injectable } from '@nestjs/common';
import { DataSource, type QueryRunner } from 'typeorm';
import { AdvisoryLock } from '../../database/advisory-locks.js';
import { closeConnection } from '../../database/close-connection.js';

const UNREFERENCED = 'NOT EXISTS (SELECT FROM media medium WHERE medium.asset_id = asset.id)';

@Injectable()
export class OrphansRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Runs a task unless another process of this installation is running one. No transaction stays open. */
  async exclusively(task: () => Promise<void>): Promise<void> {
    const connection = this.dataSource.createQueryRunner();
    try {
      if (!(await lock(connection))) return;
      try {
        await task();
      } finally {
        await unlock(connection);
      }
    } finally {
      await connection.release();
    }
  }

  /**
   * Erases removed media whose grace period is over, which releases their files. The identity stays, so that a later
   * import brings the mediaId back, and so do the ids of its files: they are not served until they are removed.
   *
   * @returns the number of media
   */
  async eraseRemoved(graceMs: number, count: number): Promise<number> {
    const [, erased]: [unknown, number] = await this.dataSource.query(
      `UPDATE media SET asset_id = NULL, former_asset_ids = former_asset_ids || asset_id, former_versions = NULL, title = '',
         metadata = '{}', metadata_text = NULL, source_url = '', etag = NULL, last_modified = NULL
       WHERE id IN (
         SELECT id FROM media
         WHERE removed_at < now() - $1 * interval '1 millisecond' AND asset_id IS NOT NULL
         ORDER BY removed_at LIMIT $2 FOR UPDATE SKIP LOCKED
       )`,
      [graceMs, count],
    );
    return erased;
  }

  /**
   * Examines released assets after a position in their list and starts the grace period of those without references. A
   * locked asset may be about to be used, so it stays in the list.
   *
   * Never waits for a lock, because it locks assets in a different order than transactions that record results.
   *
   * @returns the position reached, or null at the end of the list
   */
  markReleased(after: string, count: number): Promise<string | null> {
    return this.dataSource.transaction(async (tx) => {
      const released: Array<{ id: string; asset_id: string }> = await tx.query(
        'SELECT id, asset_id FROM released_assets WHERE id > $1 ORDER BY id LIMIT $2',
        [after, count],
      );
      const last = released.at(-1);
      if (last === undefined) return null;
      const assets: Array<{ id: string }> = await tx.query(
        'SELECT id FROM assets WHERE id = ANY($1::bigint[]) FOR UPDATE SKIP LOCKED',
        [[...new Set(released.map(({ asset_id }) => asset_id))]],
      );
      const locked = assets.map(({ id }) => id);
      // A separate statement sees all references committed before the lock, and none can be added now.
      await tx.query(
        `UPDATE assets asset SET orphaned_at = now()
         WHERE id = ANY($1::bigint[]) AND orphaned_at IS NULL AND ${UNREFERENCED}`,
        [locked],
      );
      await tx.query(
        `DELETE FROM released_assets released
         WHERE id = ANY($1::bigint[])
           AND (asset_id = ANY($2::bigint[]) OR NOT EXISTS (SELECT FROM assets WHERE id = released.asset_id))`,
        [released.map(({ id }) => id), locked],
      );
      return last.id;
    });
  }

  /**
   * Removes the rows of assets whose grace period is over, and returns the keys of their files. A result that is being
   * recorded either reclaims its asset or, by the foreign key, prevents the removal of its row.
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

  /** Returns the keys that no asset refers to. This is the only place that defines what refers to stored files. */
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
    [AdvisoryLock.Sweep],
  );
  return rows[0]?.locked ?? false;
}

/** A pooled connection would keep a lock that could not be released. */
async function unlock(connection: QueryRunner): Promise<void> {
  try {
    await connection.query('SELECT pg_advisory_unlock($1)', [AdvisoryLock.Sweep]);
  } catch (error) {
    await closeConnection(connection);
    throw error;
  }
}
