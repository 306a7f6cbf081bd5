import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A worker process, as it last told of itself. */
@Entity('workers')
export class Worker {
  /** `lease_owner` of the items that it runs. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'workers_pkey' })
  id!: string;

  @Column('text', { name: 'host_name' })
  hostName!: string;

  /** Items that it can run at once. */
  @Column('integer')
  concurrency!: number;

  /** Why it takes nothing at the moment; null where it works. */
  @Column('text', { name: 'held_by', nullable: true })
  heldBy!: string | null;

  /** Milliseconds that a round of dispatching took lately; null where it has made none. */
  @Column('double precision', { name: 'round_ms', nullable: true })
  roundMs!: number | null;

  @Column('timestamptz', { name: 'started_at', default: () => 'now()' })
  startedAt!: Date;

  @Column('timestamptz', { name: 'seen_at', default: () => 'now()' })
  seenAt!: Date;
}
