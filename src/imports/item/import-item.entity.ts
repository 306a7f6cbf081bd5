import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { Import } from '../import.entity.js';
import type { Prediction } from '../prediction.js';
import { ITEM_STATES, type ItemState } from './transitions.js';

/** One item of a batch. This row is authoritative; a job in Bull only wakes a worker for it. */
@Entity('import_items')
@Unique('import_items_import_id_position_key', ['importId', 'position'])
@Index('import_items_pending_idx', ['importId', 'originHost', 'dueAt', 'position'], {
  where: `state = 'pending'`,
})
@Index('import_items_retry_idx', ['dueAt'], { where: `state = 'pending' AND code IS NOT NULL` })
@Index('import_items_failed_idx', ['importId', 'position'], { where: `state = 'failed'` })
@Check('import_items_state_check', `state IN ('${ITEM_STATES.join("', '")}')`)
@Check('import_items_owner_check', `(state = 'running') = (lease_owner IS NOT NULL)`)
@Check('import_items_lease_check', `(state IN ('queued', 'running')) = (lease_until IS NOT NULL)`)
@Check(
  'import_items_finished_check',
  `(state IN ('success', 'skipped', 'failed')) = (finished_at IS NOT NULL)`,
)
@Index('import_items_leased_idx', ['leaseUntil'], { where: `state IN ('queued', 'running')` })
export class ImportItem {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'import_items_pkey',
  })
  id!: string;

  @ManyToOne(() => Import, { nullable: false, onDelete: 'CASCADE' })
  @JoinColumn({ name: 'import_id', foreignKeyConstraintName: 'import_items_import_id_fkey' })
  import?: Import;

  @Column('text', { name: 'import_id' })
  importId!: string;

  /** Zero-based position in the batch. */
  @Column('integer')
  position!: number;

  @Column('text', { name: 'external_id' })
  externalId!: string;

  @Column('text')
  title!: string;

  /** Input of the import kind, in its own format. */
  @Column('jsonb')
  payload!: object;

  /** Host from which the item is downloaded, normalized as the key of the host throttle. */
  @Column('text', { name: 'origin_host' })
  originHost!: string;

  @Column('text', { default: 'pending' })
  state!: ItemState;

  /** Code of the latest failure; final if `state` is `failed`. */
  @Column('text', { nullable: true })
  code!: string | null;

  @Column('text', { nullable: true })
  reason!: string | null;

  @Column('boolean', { nullable: true })
  retryable!: boolean | null;

  /** HTTP status of the latest failure; null if it was none of a response. */
  @Column('integer', { name: 'http_status', nullable: true })
  httpStatus!: number | null;

  /** Finished attempts that count; attempts lost to an unreachable host or a crashed worker do not. */
  @Column('integer', { default: 0 })
  tries!: number;

  /** Earliest time of the next attempt. */
  @Column('timestamptz', { name: 'due_at', default: () => 'now()' })
  dueAt!: Date;

  /** Number of the latest claim; outcomes of earlier claims are discarded. */
  @Column('integer', { default: 0 })
  claim!: number;

  /** Claims whose lease expired. */
  @Column('integer', { default: 0 })
  lost!: number;

  /** Worker that runs the item; outcomes from other workers are discarded. */
  @Column('uuid', { name: 'lease_owner', nullable: true })
  leaseOwner!: string | null;

  /** When a queued or running item counts as lost. */
  @Column('timestamptz', { name: 'lease_until', nullable: true })
  leaseUntil!: Date | null;

  /** Predicted outcome of an item that was planned; kept when the plan is applied. */
  @Column('jsonb', { nullable: true })
  prediction!: Prediction | null;

  /** Result, in the format of the import kind. */
  @Column('jsonb', { nullable: true })
  result!: object | null;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt!: Date | null;
}
