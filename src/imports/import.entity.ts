import {
  Check,
  Column,
  CreateDateColumn,
  Entity,
  Generated,
  Index,
  JoinColumn,
  ManyToOne,
  PrimaryColumn,
  Unique,
} from 'typeorm';
import { Project } from '../projects/project.entity.js';

export type ImportState = 'started' | 'success' | 'failed';

/** A batch posted by a partner. */
@Entity('imports')
@Unique('imports_sequence_key', ['sequence'])
@Index('imports_project_id_sequence_idx', ['projectId', 'sequence'])
@Index('imports_project_id_system_name_sequence_idx', ['projectId', 'systemName', 'sequence'])
@Index('imports_project_id_state_sequence_idx', ['projectId', 'state', 'sequence'])
@Index('imports_untold_idx', ['id'], { where: 'told_event_id IS NOT NULL' })
@Index('imports_started_idx', ['kind', 'projectId', 'sequence'], { where: `state = 'started'` })
@Index('imports_urgent_idx', ['kind', 'projectId', 'sequence'], {
  where: `state = 'started' AND priority > 0`,
})
@Check('imports_priority_check', 'priority IN (-1, 0, 1)')
@Check('imports_state_check', `state IN ('started', 'success', 'failed')`)
@Check('imports_finished_check', `(state <> 'started') = (finished_at IS NOT NULL)`)
@Check('imports_counters_check', 'success + skipped + failed <= total')
export class Import {
  /** Lower-case base 36, 8 characters. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'imports_pkey' })
  id!: string;

  /** Acceptance order: if two imports contain the same external id, the higher sequence wins. */
  @Column('bigint')
  @Generated('increment')
  sequence!: string;

  @ManyToOne(() => Project, { nullable: false, onDelete: 'CASCADE' })
  @JoinColumn({ name: 'project_id', foreignKeyConstraintName: 'imports_project_id_fkey' })
  project?: Project;

  @Column('integer', { name: 'project_id' })
  projectId!: number;

  /** Name of the import kind that processes the items. */
  @Column('text')
  kind!: string;

  @Column('text', { name: 'system_name' })
  systemName!: string;

  @Column('text', { nullable: true })
  webhook!: string | null;

  /** Types of events that the webhook receives. */
  @Column('text', { name: 'webhook_events', array: true, default: () => `'{import.finished}'` })
  webhookEvents!: string[];

  /**
   * Last event that is in a webhook delivery. Null if the webhook receives no `items.finished`, or if all events of the
   * finished import are in deliveries.
   */
  @Column('bigint', { name: 'told_event_id', nullable: true })
  toldEventId!: string | null;

  /** Returned unchanged in the webhook. Stored as the received text, because jsonb would normalize it. */
  @Column('text', { nullable: true })
  context!: string | null;

  @Column('text', { default: 'started' })
  state!: ImportState;

  @Column('integer')
  total!: number;

  @Column('integer', { default: 0 })
  success!: number;

  @Column('integer', { default: 0 })
  skipped!: number;

  @Column('integer', { default: 0 })
  failed!: number;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  /** Earliest time of the first attempts; null if the caller did not ask for one. */
  @Column('timestamptz', { name: 'not_before', nullable: true })
  notBefore!: Date | null;

  /** Order among the imports of the project: 1 before 0 before -1. */
  @Column('smallint', { default: 0 })
  priority!: number;

  /** Time of acceptance, of `notBefore` if that is later, or of the latest retry of its failed items. */
  @Column('timestamptz', { name: 'started_at', default: () => 'now()' })
  startedAt!: Date;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt!: Date | null;
}
