import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ExactMetadata1795838400000 implements MigrationInterface {
  name = 'ExactMetadata1795838400000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            ALTER TABLE "videos" ADD "metadata_text" text
        `);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "videos" DROP COLUMN "metadata_text"`);
  }
}
