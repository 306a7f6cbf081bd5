import { Column, CreateDateColumn, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { Project } from '../projects/project.entity.js';
import { Import } from './import.entity.js';

/** Maps a partner's `Idempotency-Key` to the import that it created. */
@Entity('idempotency_keys')
@Index('idempotency_keys_import_id_idx', ['importId'])
@Index('idempotency_keys_created_at_idx', ['createdAt'])
export class IdempotencyKey {
  @PrimaryColumn('integer', { name: 'project_id', primaryKeyConstraintName: 'idempotency_keys_pkey' })
  projectId!: number;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'idempotency_keys_pkey' })
  key!: string;

  @ManyToOne(() => Project, { nullable: false, onDelete: 'CASCADE' })
  @JoinColumn({ name: 'project_id', foreignKeyConstraintName: 'idempotency_keys_project_id_fkey' })
  project?: Project;

  /** SHA-256 of the request; a different body with the same key is rejected. */
  @Column('bytea', { name: 'body_sha256' })
  bodySha256!: Buffer;

  @ManyToOne(() => Import, { nullable: false, onDelete: 'CASCADE' })
  @JoinColumn({ name: 'import_id', foreignKeyConstraintName: 'idempotency_keys_import_id_fkey' })
  import?: Import;

  @Column('text', { name: 'import_id' })
  importId!: string;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
