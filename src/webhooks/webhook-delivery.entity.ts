import {
  Check,
  Column,
  CreateDateColumn,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  PrimaryColumn,
} from 'typeorm';
import { Project } from '../projects/project.entity.js';

/**
 * `pending`: due now or later. `failed`: refused permanently (410) or the schedule is exhausted. `superseded`: a retry
 * of the import made the message obsolete before it was delivered.
 */
export type DeliveryState = 'pending' | 'delivered' | 'failed' | 'superseded';

/** The outbox: one message to one receiver, written in the transaction that made it true. */
@Entity('webhook_deliveries')
@Check('webhook_deliveries_state_check', `state IN ('pending', 'delivered', 'failed', 'superseded')`)
@Check('webhook_deliveries_due_check', `(state = 'pending') = (next_attempt_at IS NOT NULL)`)
@Check('webhook_deliveries_delivered_check', `(state = 'delivered') = (delivered_at IS NOT NULL)`)
@Index('webhook_deliveries_due_idx', ['nextAttemptAt'], { where: `state = 'pending'` })
@Index('webhook_deliveries_receiver_host_due_idx', ['receiverHost', 'nextAttemptAt'], {
  where: `state = 'pending'`,
})
@Index('webhook_deliveries_project_id_import_id_idx', ['projectId', 'importId'])
@Index('webhook_deliveries_project_id_created_at_id_idx', ['projectId', 'createdAt', 'id'])
@Index('webhook_deliveries_project_id_state_created_at_id_idx', ['projectId', 'state', 'createdAt', 'id'])
export class WebhookDelivery {
  /** The `webhook-id` header, identical for all attempts: `msg_` and 24 characters. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'webhook_deliveries_pkey' })
  id!: string;

  @ManyToOne(() => Project, { nullable: false, onDelete: 'CASCADE' })
  @JoinColumn({ name: 'project_id', foreignKeyConstraintName: 'webhook_deliveries_project_id_fkey' })
  project?: Project;

  @Column('integer', { name: 'project_id' })
  projectId!: number;

  /** The import that the message is about. */
  @Column('text', { name: 'import_id' })
  importId!: string;

  /** Type of the event in the body. */
  @Column('text', { default: 'import.finished' })
  type!: string;

  @Column('text')
  url!: string;

  /** Host and port of the URL: a slow receiver delays only its own deliveries. */
  @Column('text', { name: 'receiver_host' })
  receiverHost!: string;

  /** The exact text that is signed and sent. */
  @Column('text')
  body!: string;

  @Column('text', { default: 'pending' })
  state!: DeliveryState;

  /** Attempts made so far. */
  @Column('integer', { default: 0 })
  attempts!: number;

  /** Number of attempts when the current schedule began; a redelivery restarts it. */
  @Column('integer', { name: 'scheduled_from', default: 0 })
  scheduledFrom!: number;

  /** When the next attempt is due; during an attempt, when its lease expires. */
  @Column('timestamptz', { name: 'next_attempt_at', nullable: true })
  nextAttemptAt!: Date | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'delivered_at', nullable: true })
  deliveredAt!: Date | null;
}
