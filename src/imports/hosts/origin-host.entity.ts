import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Throttle and circuit state of an origin host, shared by all workers and imports. */
@Entity('origin_hosts')
@Index('origin_hosts_expires_at_idx', ['expiresAt'])
export class OriginHost {
  /** As in `import_items.origin_host`. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'origin_hosts_pkey' })
  host!: string;

  /** Maximum in-flight items. */
  @Column('integer')
  share!: number;

  /** Consecutive failures; 0 while it answers. */
  @Column('integer', { default: 0 })
  failures!: number;

  @Column('timestamptz', { name: 'failing_since', nullable: true })
  failingSince!: Date | null;

  /** Until when its circuit is open. */
  @Column('timestamptz', { name: 'blocked_until', nullable: true })
  blockedUntil!: Date | null;

  /** Until when it must not be contacted, by its `Retry-After`. */
  @Column('timestamptz', { name: 'asked_until', nullable: true })
  askedUntil!: Date | null;

  /** The latest item that failed because of it. */
  @Column('bigint', { name: 'last_item_id', nullable: true })
  lastItemId!: string | null;

  /** Time of the latest update. */
  @Column('timestamptz', { name: 'noted_at', default: () => 'now()' })
  notedAt!: Date;

  /** When the row may be removed; postponed while the circuit is open and while the host has pending items. */
  @Column('timestamptz', { name: 'expires_at', default: () => 'now()' })
  expiresAt!: Date;
}
