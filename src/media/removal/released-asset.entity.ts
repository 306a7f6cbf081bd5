import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/**
 * An asset that lost a reference, written in the same transaction; possibly an orphan. Triggers on `videos` write it,
 * because only they see what an upsert replaces. It is a separate row because marking the asset would lock it, and two
 * transactions that swap the files of their videos would deadlock.
 */
@Entity('released_assets')
export class ReleasedAsset {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'released_assets_pkey',
  })
  id!: string;

  /** No foreign key: the asset may be gone before it is examined. */
  @Column('bigint', { name: 'asset_id' })
  assetId!: string;
}
