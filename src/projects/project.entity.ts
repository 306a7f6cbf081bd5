import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn, Unique } from 'typeorm';

/** A secret that signs webhooks; two are valid while one is replaced. */
export interface WebhookSecret {
  /** `whsec_` and base64. */
  secret: string;
  /** ISO 8601. */
  createdAt: string;
  /** ISO 8601; null as long as it has no successor. */
  expiresAt: string | null;
}

/** A tenant: nothing of one project can be seen by another. */
@Entity('projects')
@Unique('projects_name_key', ['name'])
export class Project {
  @PrimaryGeneratedColumn('identity', {
    type: 'integer',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'projects_pkey',
  })
  id!: number;

  @Column('text')
  name!: string;

  /** JSON Schema 2020-12 that metadata is held against; null allows any object. */
  @Column('jsonb', { name: 'metadata_schema', nullable: true })
  metadataSchema!: object | null;

  @Column('jsonb', { name: 'webhook_secrets' })
  webhookSecrets!: WebhookSecret[];

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt!: Date;
}
