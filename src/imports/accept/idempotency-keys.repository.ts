import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

export interface KeyOwner {
  importId: string;
  bodySha256: Buffer;
}

/** How long a key is remembered. */
export const KEY_LIFETIME = '7 days';

@Injectable()
export class IdempotencyKeysRepository {
  /**
   * Claims a key for an import that this transaction has just written. Of two requests at the same moment the second
   * waits here for the first to commit.
   *
   * @returns whether the key is ours now
   */
  async claim(tx: EntityManager, projectId: number, key: string, owner: KeyOwner): Promise<boolean> {
    const rows: unknown[] = await tx.query(
      `INSERT INTO idempotency_keys AS known (project_id, key, body_sha256, import_id)
       VALUES ($1, $2, $3, $4)
       ON CONFLICT (project_id, key) DO UPDATE
         SET body_sha256 = excluded.body_sha256, import_id = excluded.import_id, created_at = now()
         WHERE known.created_at < now() - interval '${KEY_LIFETIME}'
       RETURNING 1`,
      [projectId, key, owner.bodySha256, owner.importId],
    );
    return rows.length > 0;
  }

  async find(tx: EntityManager, projectId: number, key: string): Promise<KeyOwner | null> {
    const rows: Array<{ import_id: string; body_sha256: Buffer }> = await tx.query(
      `SELECT import_id, body_sha256 FROM idempotency_keys
       WHERE project_id = $1 AND key = $2 AND created_at >= now() - interval '${KEY_LIFETIME}'`,
      [projectId, key],
    );
    const [row] = rows;
    return row === undefined ? null : { importId: row.import_id, bodySha256: row.body_sha256 };
  }
}
