import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Raw, Repository, type EntityManager } from 'typeorm';
import { statement } from '../../database/statement.js';
import { IdempotencyKey } from '../idempotency-key.entity.js';

export type KeyOwner = Pick<IdempotencyKey, 'importId' | 'bodySha256'>;

/** Retention of a key. */
const LIFETIME = '7 days';

const claimKey = statement<[projectId: number, key: string, bodySha256: Buffer, importId: string]>(
  'idempotency_keys.claim',
  `INSERT INTO idempotency_keys AS known (project_id, key, body_sha256, import_id)
   VALUES ($1, $2, $3, $4)
   ON CONFLICT (project_id, key) DO UPDATE
     SET body_sha256 = excluded.body_sha256, import_id = excluded.import_id, created_at = now()
     WHERE known.created_at < now() - interval '${LIFETIME}'`,
);

@Injectable()
export class IdempotencyKeysRepository {
  constructor(@InjectRepository(IdempotencyKey) private readonly keys: Repository<IdempotencyKey>) {}

  /**
   * Claims a key for an import written by this transaction. The second of two concurrent requests waits here until the
   * first commits.
   *
   * @returns whether this import now owns the key
   */
  async claim(tx: EntityManager, projectId: number, key: string, owner: KeyOwner): Promise<boolean> {
    return (await claimKey.count(tx, projectId, key, owner.bodySha256, owner.importId)) > 0;
  }

  /** @param tx transaction of the caller, which must not wait for a second connection */
  find(projectId: number, key: string, tx: EntityManager = this.keys.manager): Promise<KeyOwner | null> {
    const createdAt = Raw((column) => `${column} >= now() - interval '${LIFETIME}'`);
    return tx.findOneBy(IdempotencyKey, { projectId, key, createdAt });
  }

  /** Removes keys that are older than their lifetime. */
  async removeExpired(): Promise<void> {
    await this.keys.delete({ createdAt: Raw((column) => `${column} < now() - interval '${LIFETIME}'`) });
  }
}
