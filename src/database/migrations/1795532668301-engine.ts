import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Engine1795532668301 implements MigrationInterface {
  name = 'Engine1795532668301';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            DROP INDEX "public"."import_items_pending_idx"
        `);
    await queryRunner.query(`
            CREATE TABLE "origin_hosts" (
                "host" text NOT NULL,
                "share" integer NOT NULL,
                "failures" integer NOT NULL DEFAULT '0',
                "failing_since" TIMESTAMP WITH TIME ZONE,
                "blocked_until" TIMESTAMP WITH TIME ZONE,
                "asked_until" TIMESTAMP WITH TIME ZONE,
                "last_item_id" bigint,
                "noted_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
                CONSTRAINT "origin_hosts_pkey" PRIMARY KEY ("host")
            )
        `);
    await queryRunner.query(`
            CREATE INDEX "origin_hosts_noted_at_idx" ON "origin_hosts" ("noted_at")
        `);
    await queryRunner.query(`
            CREATE TABLE "workers" (
                "id" uuid NOT NULL,
                "host_name" text NOT NULL,
                "concurrency" integer NOT NULL,
                "held_by" text,
                "round_ms" double precision,
                "started_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
                "seen_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
                CONSTRAINT "workers_pkey" PRIMARY KEY ("id")
            )
        `);
    await queryRunner.query(`
            ALTER TABLE "imports"
            ADD "started_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now()
        `);
    await queryRunner.query(`
            UPDATE "imports" SET "started_at" = "created_at"
        `);
    await queryRunner.query(`
            ALTER TABLE "assets"
            ADD "orphaned_at" TIMESTAMP WITH TIME ZONE
        `);
    await queryRunner.query(`
            ALTER TABLE "import_items" RENAME COLUMN "next_try_at" TO "due_at"
        `);
    await queryRunner.query(`
            UPDATE "import_items" SET "due_at" = now() WHERE "due_at" IS NULL
        `);
    await queryRunner.query(`
            ALTER TABLE "import_items"
            ALTER COLUMN "due_at" SET NOT NULL,
            ALTER COLUMN "due_at" SET DEFAULT now()
        `);
    await queryRunner.query(`
            ALTER TABLE "import_items"
            ADD "claim" integer NOT NULL DEFAULT '0'
        `);
    await queryRunner.query(`
            ALTER TABLE "import_items"
            ADD "lost" integer NOT NULL DEFAULT '0'
        `);
    await queryRunner.query(`
            CREATE INDEX "imports_project_id_state_sequence_idx" ON "imports" ("project_id", "state", "sequence")
        `);
    await queryRunner.query(`
            CREATE INDEX "assets_orphaned_idx" ON "assets" ("orphaned_at")
            WHERE orphaned_at IS NOT NULL
        `);
    await queryRunner.query(`
            CREATE INDEX "import_items_retry_idx" ON "import_items" ("due_at")
            WHERE state = 'pending' AND code IS NOT NULL
        `);
    await queryRunner.query(`
            CREATE INDEX "import_items_failed_idx" ON "import_items" ("import_id", "position")
            WHERE state = 'failed'
        `);
    await queryRunner.query(`
            CREATE INDEX "import_items_pending_idx" ON "import_items" ("import_id", "origin_host", "due_at", "position")
            WHERE state = 'pending'
        `);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            DROP INDEX "public"."import_items_pending_idx"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."import_items_retry_idx"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."import_items_failed_idx"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."assets_orphaned_idx"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."imports_project_id_state_sequence_idx"
        `);
    await queryRunner.query(`
            ALTER TABLE "import_items" DROP COLUMN "lost"
        `);
    await queryRunner.query(`
            ALTER TABLE "import_items" DROP COLUMN "claim"
        `);
    await queryRunner.query(`
            ALTER TABLE "assets" DROP COLUMN "orphaned_at"
        `);
    await queryRunner.query(`
            ALTER TABLE "imports" DROP COLUMN "started_at"
        `);
    await queryRunner.query(`
            ALTER TABLE "import_items"
            ALTER COLUMN "due_at" DROP NOT NULL,
            ALTER COLUMN "due_at" DROP DEFAULT
        `);
    await queryRunner.query(`
            ALTER TABLE "import_items" RENAME COLUMN "due_at" TO "next_try_at"
        `);
    await queryRunner.query(`
            DROP TABLE "workers"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."origin_hosts_noted_at_idx"
        `);
    await queryRunner.query(`
            DROP TABLE "origin_hosts"
        `);
    await queryRunner.query(`
            CREATE INDEX "import_items_pending_idx" ON "import_items" USING btree ("import_id", "position")
            WHERE (state = 'pending'::text)
        `);
  }
}
