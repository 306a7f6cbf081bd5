import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Public keys of receipts; they are kept after a rotation, so that old receipts remain verifiable. */
export class ReceiptKeys1795849200000 implements MigrationInterface {
  name = 'ReceiptKeys1795849200000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "receipt_keys" (
         "kid" text NOT NULL,
         "jwk" jsonb NOT NULL,
         "first_used_at" timestamptz NOT NULL DEFAULT now(),
         CONSTRAINT "receipt_keys_pkey" PRIMARY KEY ("kid")
       )`,
    );
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE "receipt_keys"`);
  }
}
