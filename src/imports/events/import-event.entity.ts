import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn } from 'typeorm';
import { Import } from '../import.entity.js';

export type ImportEventType = 'items.finished' | 'import.finished';

/** Body of `items.finished`: id, state and code of each item; everything else is read when the event is. */
export interface ItemsFinishedBody {
  items: Array<[id: number, state: string, code: string | null]>;
}

/** Body of `import.finished`. */
export interface ImportFinishedBody {
  state: string;
  total: number;
  success: number;
  skipped: number;
  failed: number;
}

/**
 * An event for those who watch an import, written in the transaction that causes it. Events for the listeners of
 * extensions are in `src/events`.
 */
@Entity('import_events')
@Check('import_events_type_check', `type IN ('items.finished', 'import.finished')`)
@Index('import_events_import_id_id_idx', ['importId', 'id'])
@Index('import_events_project_id_id_idx', ['projectId', 'id'])
export class ImportEvent {
  /** Ascends in the order of commits within one import, not over all imports. */
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'import_events_pkey',
  })
  id!: string;

  /** Without a foreign key, which would lock the project's row in every commit. */
  @Column('integer', { name: 'project_id' })
  projectId!: number;

  @ManyToOne(() => Import, { nullable: false, onDelete: 'CASCADE' })
  @JoinColumn({ name: 'import_id', foreignKeyConstraintName: 'import_events_import_id_fkey' })
  import?: Import;

  @Column('text', { name: 'import_id' })
  importId!: string;

  @Column('text')
  type!: ImportEventType;

  @Column('jsonb')
  body!: ItemsFinishedBody | ImportFinishedBody;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
