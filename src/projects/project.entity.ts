import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn, Unique } from 'typeorm';

/** A secret that signs webhooks; two are valid during a rotation. */
export interface WebhookSecret {
  /** `whsec_` and base64. */
  secret: string;
  /** ISO 8601. */
  createdAt: string;
  /** ISO 8601; null until a rotation. */
  expiresAt: string | null;
}

/** A tenant: projects cannot see each other's data. */
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

  /** JSON Schemas 2020-12 that validate metadata, by kind; a kind without one allows any object. */
  @Column('jsonb', { name: 'metadata_schemas', default: {} })
  metadataSchemas!: Record<string, object>;

  @Column('jsonb', { name: 'webhook_secrets' })
  webhookSecrets!: WebhookSecret[];

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at', default: () => 'now()' })
  updatedAt!: Date;
}
