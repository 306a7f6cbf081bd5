import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { WebhookDelivery } from './webhook-delivery.entity.js';

/** One attempt of a delivery. */
@Entity('webhook_attempts')
export class WebhookAttempt {
  @PrimaryColumn('text', { name: 'delivery_id', primaryKeyConstraintName: 'webhook_attempts_pkey' })
  deliveryId!: string;

  /** 1 for the first. */
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'webhook_attempts_pkey' })
  number!: number;

  @ManyToOne(() => WebhookDelivery, { nullable: false, onDelete: 'CASCADE' })
  @JoinColumn({ name: 'delivery_id', foreignKeyConstraintName: 'webhook_attempts_delivery_id_fkey' })
  delivery?: WebhookDelivery;

  @Column('timestamptz', { name: 'started_at' })
  startedAt!: Date;

  @Column('integer', { name: 'duration_ms' })
  durationMs!: number;

  /** HTTP status of the response; null if there was none. */
  @Column('integer', { name: 'status_code', nullable: true })
  statusCode!: number | null;

  /** One sentence; null if the receiver accepted the delivery. */
  @Column('text', { nullable: true })
  error!: string | null;

  /** Beginning of the response body; null if it is empty or not text, or if responses are not kept. */
  @Column('text', { nullable: true })
  response!: string | null;
}
