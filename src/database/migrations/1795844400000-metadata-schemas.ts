import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A metadata schema for each kind of media; the present one is that of videos. */
export class MetadataSchemas1795844400000 implements MigrationInterface {
  name = 'MetadataSchemas1795844400000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `ALTER TABLE "projects" ADD COLUMN "metadata_schemas" jsonb NOT NULL DEFAULT '{}'`,
    );
    await queryRunner.query(
      `UPDATE "projects" SET "metadata_schemas" = jsonb_build_object('videos', "metadata_schema")
         WHERE "metadata_schema" IS NOT NULL`,
    );
    await queryRunner.query(`ALTER TABLE "projects" DROP COLUMN "metadata_schema"`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "projects" ADD COLUMN "metadata_schema" jsonb`);
    await queryRunner.query(`UPDATE "projects" SET "metadata_schema" = "metadata_schemas"->'videos'`);
    await queryRunner.query(`ALTER TABLE "projects" DROP COLUMN "metadata_schemas"`);
  }
}
