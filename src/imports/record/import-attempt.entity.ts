import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import { ImportItem } from '../item/import-item.entity.js';

/** A failed attempt at an item. Successful ones are in the row of the item. */
@Entity('import_attempts')
export class ImportAttempt {
  @PrimaryColumn('bigint', { name: 'item_id', primaryKeyConstraintName: 'import_attempts_pkey' })
  itemId!: string;

  @ManyToOne(() => ImportItem, { nullable: false, onDelete: 'CASCADE' })
  @JoinColumn({ name: 'item_id', foreignKeyConstraintName: 'import_attempts_item_id_fkey' })
  item?: ImportItem;

  /** Number of the claim, which only grows, over retries too. */
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'import_attempts_pkey' })
  claim!: number;

  @Column('timestamptz', { name: 'started_at' })
  startedAt!: Date;

  @Column('timestamptz', { name: 'ended_at', default: () => 'now()' })
  endedAt!: Date;

  @Column('text')
  code!: string;

  @Column('text')
  reason!: string;

  @Column('boolean')
  retryable!: boolean;

  /** Status of the response that failed the attempt; null without one. */
  @Column('integer', { name: 'http_status', nullable: true })
  httpStatus!: number | null;

  /** Bytes of the file that were received; null if unknown. */
  @Column('bigint', { nullable: true })
  bytes!: string | null;

  /** Worker that made the attempt. */
  @Column('uuid')
  worker!: string;
}
