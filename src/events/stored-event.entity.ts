import { Column, Entity, Index, JoinColumn, ManyToOne, PrimaryGeneratedColumn } from 'typeorm';
import type { EventType } from '../extension/define-listener.js';
import { Project } from '../projects/project.entity.js';

/** An event, written in the transaction that causes it; it exists as long as one of its deliveries. */
@Entity('events')
@Index('events_project_id_idx', ['projectId'])
export class StoredEvent {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'events_pkey',
  })
  id!: string;

  @ManyToOne(() => Project, { nullable: false, onDelete: 'CASCADE' })
  @JoinColumn({ name: 'project_id', foreignKeyConstraintName: 'events_project_id_fkey' })
  project?: Project;

  @Column('integer', { name: 'project_id' })
  projectId!: number;

  @Column('text')
  type!: EventType;

  /** Fields of the event besides its type and project. */
  @Column('jsonb')
  body!: object;

  @Column('timestamptz', { name: 'occurred_at', default: () => 'now()' })
  occurredAt!: Date;
}
