import type { MigrationInterface, QueryRunner } from 'typeorm';

export class StorageFolder1795837200000 implements MigrationInterface {
  name = 'StorageFolder1795837200000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            CREATE TABLE "storage_folder" (
                "single" boolean NOT NULL DEFAULT true,
                "id" uuid NOT NULL,
                CONSTRAINT "storage_folder_pkey" PRIMARY KEY ("single"),
                CONSTRAINT "storage_folder_single" CHECK (single)
            )
        `);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE "storage_folder"`);
  }
}
