import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { Import } from '../import.entity.js';
import { ITEM_STATES, type ItemState } from './transitions.js';

/** One entry of a batch: the row that decides; a job in Bull only wakes a worker for it. */
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

  /** Place in the batch, from 0. */
  @Column('integer')
  position!: number;

  @Column('text', { name: 'external_id' })
  externalId!: string;

  @Column('text')
  title!: string;

  /** What the kind needs to do its work, in the kind's own shape. */
  @Column('jsonb')
  payload!: object;

  /** Host that the item is fetched from, in the form that concurrency per host is counted by. */
  @Column('text', { name: 'origin_host' })
  originHost!: string;

  @Column('text', { default: 'pending' })
  state!: ItemState;

  /** Of the last failure, which is the end where `state` is `failed`. */
  @Column('text', { nullable: true })
  code!: string | null;

  @Column('text', { nullable: true })
  reason!: string | null;

  @Column('boolean', { nullable: true })
  retryable!: boolean | null;

  /** Tries that ended and count; what a dead host or a dead worker cost does not. */
  @Column('integer', { default: 0 })
  tries!: number;

  /** Before this time a pending item is left alone. */
  @Column('timestamptz', { name: 'due_at', default: () => 'now()' })
  dueAt!: Date;

  /** Number of the latest claim, whatever became of it: results of an earlier one are void. */
  @Column('integer', { default: 0 })
  claim!: number;

  /** Claims whose worker was never heard of again. */
  @Column('integer', { default: 0 })
  lost!: number;

  /** Worker that runs the item; results of any other are void. */
  @Column('uuid', { name: 'lease_owner', nullable: true })
  leaseOwner!: string | null;

  /** When a queued or running item counts as lost. */
  @Column('timestamptz', { name: 'lease_until', nullable: true })
  leaseUntil!: Date | null;

  /** What came out, in the kind's own shape. */
  @Column('jsonb', { nullable: true })
  result!: object | null;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt!: Date | null;
}
