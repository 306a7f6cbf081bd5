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

/** `started` also while a plan is made. */
export const IMPORT_STATES = ['started', 'planned', 'success', 'failed'] as const;

export type ImportState = (typeof IMPORT_STATES)[number];

/** `plan`: the outcomes are predicted first, and the import runs once the plan is applied. */
export const IMPORT_MODES = ['run', 'plan'] as const;

export type ImportMode = (typeof IMPORT_MODES)[number];

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
@Index('imports_plans_idx', ['projectId', 'sequence'], { where: `mode = 'plan' AND applied_at IS NULL` })
@Index('imports_planned_idx', ['finishedAt'], { where: `state = 'planned'` })
@Check('imports_state_check', `state IN ('started', 'planned', 'success', 'failed')`)
@Check('imports_mode_check', `mode IN ('run', 'plan')`)
@Check('imports_applied_check', `mode = 'plan' OR applied_at IS NULL`)
@Check('imports_finished_check', `(state <> 'started') = (finished_at IS NOT NULL)`)
@Check('imports_counters_check', 'success + skipped + failed + planned <= total')
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

  /** `plan` also after the plan was applied. */
  @Column('text', { default: 'run' })
  mode!: ImportMode;

  /** When a plan was applied, so that its items run. */
  @Column('timestamptz', { name: 'applied_at', nullable: true })
  appliedAt!: Date | null;

  /** Id of the access token that posted the batch, or of the caller at the identity provider. */
  @Column('text', { name: 'created_by_id', nullable: true })
  createdById!: string | null;

  /** Name of that token or caller, at that time. */
  @Column('text', { name: 'created_by_name', nullable: true })
  createdByName!: string | null;

  @Column('integer')
  total!: number;

  /** Items that have a prediction and wait until the plan is applied. */
  @Column('integer', { default: 0 })
  planned!: number;

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

  /** Time of acceptance, of `notBefore` if that is later, of the application of its plan, or of the latest retry of its failed items. */
  @Column('timestamptz', { name: 'started_at', default: () => 'now()' })
  startedAt!: Date;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt!: Date | null;
}

/** Whether the items of an import are being planned, or wait until their plan is applied. */
export function isPlan({ mode, appliedAt }: Pick<Import, 'mode' | 'appliedAt'>): boolean {
  return mode === 'plan' && appliedAt === null;
}

/** The state that callers see: a plan is `planned` from the beginning, and until it is applied. */
export function shownStateOf(row: Pick<Import, 'state' | 'mode' | 'appliedAt'>): ImportState {
  return row.state === 'started' && isPlan(row) ? 'planned' : row.state;
}
