import {
  Check,
  Column,
  CreateDateColumn,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  PrimaryColumn,
  Unique,
} from 'typeorm';
import { Project } from '../../projects/project.entity.js';
import { Asset } from './asset.entity.js';

/** An earlier version of a medium. */
export interface FormerVersion {
  version: number;
  title: string;
  /** URL without query. */
  source: string;
  /** Of the import that created it. */
  sequence: number;
  sha256: string;
  /** Bytes. */
  size: number;
  /** When it was recorded, ISO 8601. */
  at: string;
}

/** A medium of any kind, identified by (project, kind, systemName, externalId); its mediaId never changes. */
@Entity('media')
@Unique('media_project_id_kind_system_name_external_id_key', [
  'projectId',
  'kind',
  'systemName',
  'externalId',
])
@Index('media_project_id_created_at_id_idx', ['projectId', 'createdAt', 'id'], {
  where: 'removed_at IS NULL',
})
@Index('media_project_id_kind_created_at_id_idx', ['projectId', 'kind', 'createdAt', 'id'], {
  where: 'removed_at IS NULL',
})
@Index(
  'media_project_id_external_id_kind_created_at_id_idx',
  ['projectId', 'externalId', 'kind', 'createdAt', 'id'],
  { where: 'removed_at IS NULL' },
)
@Index('media_asset_id_idx', ['assetId'])
@Index('media_removed_idx', ['removedAt'], { where: 'removed_at IS NOT NULL AND asset_id IS NOT NULL' })
@Index('media_removed_former_asset_ids_idx', ['formerAssetIds'], {
  type: 'gin',
  where: 'removed_at IS NOT NULL',
})
// Of an expression, which decorators cannot describe: the words of titles.
@Index('media_title_words_idx', { synchronize: false })
@Check('media_removed_check', `(removed_at IS NULL) = (removed_sequence IS NULL)`)
@Check('media_asset_check', `asset_id IS NOT NULL OR removed_at IS NOT NULL`)
export class Media {
  /** The mediaId: 12 characters of [A-Za-z0-9]. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'media_pkey' })
  id!: string;

  @ManyToOne(() => Project, { nullable: false, onDelete: 'CASCADE' })
  @JoinColumn({ name: 'project_id', foreignKeyConstraintName: 'media_project_id_fkey' })
  project?: Project;

  @Column('integer', { name: 'project_id' })
  projectId!: number;

  /** Name of the kind, such as `videos`. */
  @Column('text')
  kind!: string;

  @Column('text', { name: 'system_name' })
  systemName!: string;

  @Column('text', { name: 'external_id' })
  externalId!: string;

  @Column('text')
  title!: string;

  /** Used to compare versions: numbers in jsonb are decimals of any length. */
  @Column('jsonb')
  metadata!: object;

  /** The JSON as sent, if it contains numbers that a double cannot represent or spells differently. */
  @Column('text', { name: 'metadata_text', nullable: true })
  metadataText!: string | null;

  /** 1 at creation, incremented with every change of bytes, title or metadata. */
  @Column('integer', { default: 1 })
  version!: number;

  /** Sequence of the latest recorded import: an earlier import that finishes later changes nothing. */
  @Column('bigint', { name: 'import_sequence' })
  importSequence!: string;

  /** Sequence of the import that created this version. */
  @Column('bigint', { name: 'version_sequence' })
  versionSequence!: string;

  @Column('text', { name: 'source_url' })
  sourceUrl!: string;

  /** Validators of the source, sent with the next request. */
  @Column('text', { nullable: true })
  etag!: string | null;

  @Column('text', { name: 'last_modified', nullable: true })
  lastModified!: string | null;

  @ManyToOne(() => Asset, { nullable: true })
  @JoinColumn({ name: 'asset_id', foreignKeyConstraintName: 'media_asset_id_fkey' })
  asset?: Asset | null;

  /** null once the grace period of a removed medium is over: the row keeps only the identity. */
  @Column('bigint', { name: 'asset_id', nullable: true })
  assetId!: string | null;

  /** Files of earlier versions, as far as they existed when the latest one was recorded; null if there were none. */
  @Column('bigint', { name: 'former_asset_ids', array: true, nullable: true })
  formerAssetIds!: string[] | null;

  /** Earlier versions, oldest first, as far as they are kept; null if there were none. */
  @Column('jsonb', { name: 'former_versions', nullable: true })
  formerVersions!: FormerVersion[] | null;

  /** Since when the medium is removed: it is in no list, and its files are not served. */
  @Column('timestamptz', { name: 'removed_at', nullable: true })
  removedAt!: Date | null;

  /** Place of the removal in the order of imports: an import accepted earlier does not bring the medium back. */
  @Column('bigint', { name: 'removed_sequence', nullable: true })
  removedSequence!: string | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt!: Date;
}
