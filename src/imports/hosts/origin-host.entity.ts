import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What is known of a host that items are fetched from, over all workers and all imports. */
@Entity('origin_hosts')
@Index('origin_hosts_expires_at_idx', ['expiresAt'])
export class OriginHost {
  /** As in `import_items.origin_host`. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'origin_hosts_pkey' })
  host!: string;

  /** Items that it may have under way at once. */
  @Column('integer')
  share!: number;

  /** Attempts in a row that it failed; 0 while it answers. */
  @Column('integer', { default: 0 })
  failures!: number;

  @Column('timestamptz', { name: 'failing_since', nullable: true })
  failingSince!: Date | null;

  /** Until when it is left alone. */
  @Column('timestamptz', { name: 'blocked_until', nullable: true })
  blockedUntil!: Date | null;

  /** Until when it has asked to be left alone (`Retry-After`). */
  @Column('timestamptz', { name: 'asked_until', nullable: true })
  askedUntil!: Date | null;

  /** The item that failed last because of it. */
  @Column('bigint', { name: 'last_item_id', nullable: true })
  lastItemId!: string | null;

  /** When this was written. */
  @Column('timestamptz', { name: 'noted_at', default: () => 'now()' })
  notedAt!: Date;

  /** When it is forgotten; moved on while its circuit is open, and while it has pending items. */
  @Column('timestamptz', { name: 'expires_at', default: () => 'now()' })
  expiresAt!: Date;
}
