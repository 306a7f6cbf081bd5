import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** Public half of a key that signs receipts, kept so that its receipts remain verifiable after a rotation. */
@Entity('receipt_keys')
export class ReceiptKey {
  /** Thumbprint of the key (RFC 7638). */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'receipt_keys_pkey' })
  kid!: string;

  /** JSON Web Key (RFC 8037) without private members. */
  @Column('jsonb')
  jwk!: object;

  @CreateDateColumn({ name: 'first_used_at', type: 'timestamptz' })
  firstUsedAt!: Date;
}
