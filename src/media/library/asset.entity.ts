import {
  Column,
  CreateDateColumn,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  PrimaryGeneratedColumn,
  Unique,
} from 'typeorm';
import { Project } from '../../projects/project.entity.js';

/**
 * A stored file. Identical bytes under two ids are stored once per project and kind: if projects shared files, the URL of a file
 * would reveal to one project what another has.
 */
@Entity('assets')
@Unique('assets_project_id_kind_sha256_key', ['projectId', 'kind', 'sha256'])
@Unique('assets_storage_key_key', ['storageKey'])
@Index('assets_orphaned_idx', ['orphanedAt'], { where: 'orphaned_at IS NOT NULL' })
export class Asset {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'assets_pkey',
  })
  id!: string;

  @ManyToOne(() => Project, { nullable: false, onDelete: 'CASCADE' })
  @JoinColumn({ name: 'project_id', foreignKeyConstraintName: 'assets_project_id_fkey' })
  project?: Project;

  @Column('integer', { name: 'project_id' })
  projectId!: number;

  /** Name of the kind; the same bytes have other facts as another kind. */
  @Column('text')
  kind!: string;

  /** Lower-case hex. */
  @Column('text')
  sha256!: string;

  /** Bytes. */
  @Column('bigint')
  size!: string;

  @Column('text', { name: 'mime_type' })
  mimeType!: string;

  /** What the kind has read from the bytes, such as the size of a picture. */
  @Column('jsonb')
  facts!: object;

  @Column('text', { name: 'storage_key' })
  storageKey!: string;

  /** Since when no medium refers to the file, as far as the sweep knows. */
  @Column('timestamptz', { name: 'orphaned_at', nullable: true })
  orphanedAt!: Date | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
