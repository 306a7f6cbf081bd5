import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Attempts keep the beginning of what the receiver answered. */
export class WebhookResponses1795852800000 implements MigrationInterface {
  name = 'WebhookResponses1795852800000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "webhook_attempts" ADD "response" text`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "webhook_attempts" DROP COLUMN "response"`);
  }
}
