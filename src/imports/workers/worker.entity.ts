import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A worker process, as of its latest heartbeat. */
@Entity('workers')
export class Worker {
  /** `lease_owner` of the items that it runs. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'workers_pkey' })
  id!: string;

  @Column('text', { name: 'host_name' })
  hostName!: string;

  /** Maximum items that it runs at once. */
  @Column('integer')
  concurrency!: number;

  /** Kinds of imports that it can run. */
  @Column('text', { array: true, default: () => `'{}'` })
  kinds!: string[];

  /** Why it currently takes no items; null if it does. */
  @Column('text', { name: 'held_by', nullable: true })
  heldBy!: string | null;

  /** Recent mean duration of a dispatch round, in milliseconds; null before the first one. */
  @Column('double precision', { name: 'round_ms', nullable: true })
  roundMs!: number | null;

  @Column('timestamptz', { name: 'started_at', default: () => 'now()' })
  startedAt!: Date;

  @Column('timestamptz', { name: 'seen_at', default: () => 'now()' })
  seenAt!: Date;
}
