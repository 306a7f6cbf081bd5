import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/**
 * An asset that lost a reference, in the transaction that took it: maybe an orphan. Triggers on `videos` write it, for
 * only they see what an upsert replaces. A row of its own, because to mark the asset itself would take a lock on it, and
 * two transactions that swap the files of their videos would wait for each other.
 */
@Entity('released_assets')
export class ReleasedAsset {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'released_assets_pkey',
  })
  id!: string;

  /** No foreign key: an asset can be gone when its turn comes. */
  @Column('bigint', { name: 'asset_id' })
  assetId!: string;
}
