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
 * A stored file. Identical bytes under two ids are stored once per project: if projects shared files, the URL of a file
 * would reveal to one project what another has.
 */
@Entity('assets')
@Unique('assets_project_id_sha256_key', ['projectId', 'sha256'])
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

  /** Lower-case hex. */
  @Column('text')
  sha256!: string;

  /** Bytes. */
  @Column('bigint')
  size!: string;

  @Column('text', { name: 'mime_type' })
  mimeType!: string;

  @Column('text')
  container!: string;

  @Column('text', { name: 'video_codec', nullable: true })
  videoCodec!: string | null;

  @Column('text', { name: 'audio_codec', nullable: true })
  audioCodec!: string | null;

  /** Displayed size in pixels, with rotation and pixel aspect ratio applied. */
  @Column('integer')
  width!: number;

  @Column('integer')
  height!: number;

  /** Seconds; null if the file does not declare it. */
  @Column('double precision', { nullable: true })
  duration!: number | null;

  @Column('text', { name: 'storage_key' })
  storageKey!: string;

  /** Since when no video refers to the file, as far as the sweep knows. */
  @Column('timestamptz', { name: 'orphaned_at', nullable: true })
  orphanedAt!: Date | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
