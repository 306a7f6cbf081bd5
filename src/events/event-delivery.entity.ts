import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { StoredEvent } from './stored-event.entity.js';

/** `pending`: an attempt is in flight or scheduled. `dead`: all attempts failed. A delivered one has no row. */
export type EventDeliveryState = 'pending' | 'dead';

/** One event for one listener. */
@Entity('event_deliveries')
@Check('event_deliveries_state_check', `state IN ('pending', 'dead')`)
@Check('event_deliveries_due_check', `(state = 'pending') = (next_attempt_at IS NOT NULL)`)
@Check('event_deliveries_dead_check', `(state = 'dead') = (failed_at IS NOT NULL)`)
@Index('event_deliveries_event_id_idx', ['eventId'])
@Index('event_deliveries_listener_due_idx', ['listener', 'nextAttemptAt'], { where: `state = 'pending'` })
@Index('event_deliveries_project_id_failed_at_id_idx', ['projectId', 'failedAt', 'id'], {
  where: `state = 'dead'`,
})
export class EventDelivery {
  /** The same for every attempt. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'event_deliveries_pkey' })
  id!: string;

  @ManyToOne(() => StoredEvent, { nullable: false, onDelete: 'CASCADE' })
  @JoinColumn({ name: 'event_id', foreignKeyConstraintName: 'event_deliveries_event_id_fkey' })
  event?: StoredEvent;

  @Column('bigint', { name: 'event_id' })
  eventId!: string;

  /** Project of the event, for the index of dead letters. */
  @Column('integer', { name: 'project_id' })
  projectId!: number;

  /** Name of the listener; its extension need not be installed any more. */
  @Column('text')
  listener!: string;

  @Column('text', { default: 'pending' })
  state!: EventDeliveryState;

  /** Attempts begun so far: one that ended with a crash counts. */
  @Column('integer', { default: 0 })
  attempts!: number;

  /** Number of attempts when the current schedule began; a retry restarts it. */
  @Column('integer', { name: 'scheduled_from', default: 0 })
  scheduledFrom!: number;

  /** When the next attempt is due; during an attempt, when its lease expires. */
  @Column('timestamptz', { name: 'next_attempt_at', nullable: true })
  nextAttemptAt!: Date | null;

  /** Why the last attempt failed, in one line; null before the first failure. */
  @Column('text', { name: 'last_error', nullable: true })
  lastError!: string | null;

  /** When the last attempt failed, in whole milliseconds; null unless it is dead. */
  @Column('timestamptz', { name: 'failed_at', nullable: true })
  failedAt!: Date | null;
}
