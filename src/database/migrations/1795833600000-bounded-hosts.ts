import type { MigrationInterface, QueryRunner } from 'typeorm';

export class BoundedHosts1795833600000 implements MigrationInterface {
  name = 'BoundedHosts1795833600000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            DROP INDEX "public"."imports_started_idx"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."origin_hosts_noted_at_idx"
        `);
    await queryRunner.query(`
            ALTER TABLE "origin_hosts"
            ADD "expires_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now()
        `);
    await queryRunner.query(`
            UPDATE "origin_hosts" SET "expires_at" = now() + interval '10 minutes'
        `);
    await queryRunner.query(`
            CREATE INDEX "origin_hosts_expires_at_idx" ON "origin_hosts" ("expires_at")
        `);
    await queryRunner.query(`
            CREATE INDEX "imports_started_idx" ON "imports" ("kind", "project_id", "sequence")
            WHERE state = 'started'
        `);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            DROP INDEX "public"."imports_started_idx"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."origin_hosts_expires_at_idx"
        `);
    await queryRunner.query(`
            ALTER TABLE "origin_hosts" DROP COLUMN "expires_at"
        `);
    await queryRunner.query(`
            CREATE INDEX "origin_hosts_noted_at_idx" ON "origin_hosts" ("noted_at")
        `);
    await queryRunner.query(`
            CREATE INDEX "imports_started_idx" ON "imports" USING btree ("kind", "sequence")
            WHERE (state = 'started'::text)
        `);
  }
}
