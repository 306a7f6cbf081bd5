import type { MigrationInterface, QueryRunner } from 'typeorm';

export class InitialSchema1795479991317 implements MigrationInterface {
  name = 'InitialSchema1795479991317';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            CREATE TABLE "projects" (
                "id" integer GENERATED ALWAYS AS IDENTITY NOT NULL,
                "name" text NOT NULL,
                "metadata_schema" jsonb,
                "webhook_secrets" jsonb NOT NULL,
                "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
                "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
                CONSTRAINT "projects_name_key" UNIQUE ("name"),
                CONSTRAINT "projects_pkey" PRIMARY KEY ("id")
            )
        `);
    await queryRunner.query(`
            CREATE TABLE "access_tokens" (
                "id" uuid NOT NULL,
                "project_id" integer NOT NULL,
                "name" text NOT NULL,
                "scopes" text array NOT NULL,
                "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
                "expires_at" TIMESTAMP WITH TIME ZONE,
                "revoked_at" TIMESTAMP WITH TIME ZONE,
                "last_used_at" TIMESTAMP WITH TIME ZONE,
                CONSTRAINT "access_tokens_pkey" PRIMARY KEY ("id")
            )
        `);
    await queryRunner.query(`
            CREATE INDEX "access_tokens_project_id_created_at_idx" ON "access_tokens" ("project_id", "created_at")
        `);
    await queryRunner.query(`
            CREATE TABLE "imports" (
                "id" text NOT NULL,
                "sequence" BIGSERIAL NOT NULL,
                "project_id" integer NOT NULL,
                "kind" text NOT NULL,
                "system_name" text NOT NULL,
                "webhook" text,
                "context" text,
                "state" text NOT NULL DEFAULT 'started',
                "total" integer NOT NULL,
                "success" integer NOT NULL DEFAULT '0',
                "skipped" integer NOT NULL DEFAULT '0',
                "failed" integer NOT NULL DEFAULT '0',
                "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
                "finished_at" TIMESTAMP WITH TIME ZONE,
                CONSTRAINT "imports_sequence_key" UNIQUE ("sequence"),
                CONSTRAINT "imports_counters_check" CHECK (success + skipped + failed <= total),
                CONSTRAINT "imports_pkey" PRIMARY KEY ("id")
            )
        `);
    await queryRunner.query(`
            CREATE INDEX "imports_started_idx" ON "imports" ("kind", "sequence")
            WHERE state = 'started'
        `);
    await queryRunner.query(`
            CREATE INDEX "imports_project_id_system_name_sequence_idx" ON "imports" ("project_id", "system_name", "sequence")
        `);
    await queryRunner.query(`
            CREATE INDEX "imports_project_id_sequence_idx" ON "imports" ("project_id", "sequence")
        `);
    await queryRunner.query(`
            CREATE TABLE "idempotency_keys" (
                "project_id" integer NOT NULL,
                "key" text NOT NULL,
                "body_sha256" bytea NOT NULL,
                "import_id" text NOT NULL,
                "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
                CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("project_id", "key")
            )
        `);
    await queryRunner.query(`
            CREATE INDEX "idempotency_keys_created_at_idx" ON "idempotency_keys" ("created_at")
        `);
    await queryRunner.query(`
            CREATE INDEX "idempotency_keys_import_id_idx" ON "idempotency_keys" ("import_id")
        `);
    await queryRunner.query(`
            CREATE TABLE "import_items" (
                "id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
                "import_id" text NOT NULL,
                "position" integer NOT NULL,
                "external_id" text NOT NULL,
                "title" text NOT NULL,
                "payload" jsonb NOT NULL,
                "origin_host" text NOT NULL,
                "state" text NOT NULL DEFAULT 'pending',
                "code" text,
                "reason" text,
                "retryable" boolean,
                "tries" integer NOT NULL DEFAULT '0',
                "next_try_at" TIMESTAMP WITH TIME ZONE,
                "lease_owner" uuid,
                "lease_until" TIMESTAMP WITH TIME ZONE,
                "result" jsonb,
                "finished_at" TIMESTAMP WITH TIME ZONE,
                CONSTRAINT "import_items_import_id_position_key" UNIQUE ("import_id", "position"),
                CONSTRAINT "import_items_pkey" PRIMARY KEY ("id")
            )
        `);
    await queryRunner.query(`
            CREATE INDEX "import_items_leased_idx" ON "import_items" ("lease_until")
            WHERE state IN ('queued', 'running')
        `);
    await queryRunner.query(`
            CREATE INDEX "import_items_pending_idx" ON "import_items" ("import_id", "position")
            WHERE state = 'pending'
        `);
    await queryRunner.query(`
            CREATE TABLE "assets" (
                "id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
                "project_id" integer NOT NULL,
                "sha256" text NOT NULL,
                "size" bigint NOT NULL,
                "mime_type" text NOT NULL,
                "container" text NOT NULL,
                "video_codec" text,
                "audio_codec" text,
                "width" integer NOT NULL,
                "height" integer NOT NULL,
                "duration" double precision,
                "storage_key" text NOT NULL,
                "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
                CONSTRAINT "assets_storage_key_key" UNIQUE ("storage_key"),
                CONSTRAINT "assets_project_id_sha256_key" UNIQUE ("project_id", "sha256"),
                CONSTRAINT "assets_pkey" PRIMARY KEY ("id")
            )
        `);
    await queryRunner.query(`
            CREATE TABLE "videos" (
                "id" text NOT NULL,
                "project_id" integer NOT NULL,
                "system_name" text NOT NULL,
                "external_id" text NOT NULL,
                "title" text NOT NULL,
                "metadata" jsonb NOT NULL,
                "version" integer NOT NULL DEFAULT '1',
                "import_sequence" bigint NOT NULL,
                "version_sequence" bigint NOT NULL,
                "source_url" text NOT NULL,
                "etag" text,
                "last_modified" text,
                "asset_id" bigint NOT NULL,
                "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
                "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
                CONSTRAINT "videos_project_id_system_name_external_id_key" UNIQUE ("project_id", "system_name", "external_id"),
                CONSTRAINT "videos_pkey" PRIMARY KEY ("id")
            )
        `);
    await queryRunner.query(`
            CREATE INDEX "videos_asset_id_idx" ON "videos" ("asset_id")
        `);
    await queryRunner.query(`
            CREATE INDEX "videos_project_id_created_at_id_idx" ON "videos" ("project_id", "created_at", "id")
        `);
    await queryRunner.query(`
            CREATE TABLE "webhook_deliveries" (
                "id" text NOT NULL,
                "project_id" integer NOT NULL,
                "import_id" text NOT NULL,
                "url" text NOT NULL,
                "receiver_host" text NOT NULL,
                "body" text NOT NULL,
                "state" text NOT NULL DEFAULT 'pending',
                "attempts" integer NOT NULL DEFAULT '0',
                "scheduled_from" integer NOT NULL DEFAULT '0',
                "next_attempt_at" TIMESTAMP WITH TIME ZONE,
                "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(),
                "delivered_at" TIMESTAMP WITH TIME ZONE,
                CONSTRAINT "webhook_deliveries_pkey" PRIMARY KEY ("id")
            )
        `);
    await queryRunner.query(`
            CREATE INDEX "webhook_deliveries_project_id_created_at_id_idx" ON "webhook_deliveries" ("project_id", "created_at", "id")
        `);
    await queryRunner.query(`
            CREATE INDEX "webhook_deliveries_project_id_import_id_idx" ON "webhook_deliveries" ("project_id", "import_id")
        `);
    await queryRunner.query(`
            CREATE INDEX "webhook_deliveries_receiver_host_due_idx" ON "webhook_deliveries" ("receiver_host", "next_attempt_at")
            WHERE state = 'pending'
        `);
    await queryRunner.query(`
            CREATE INDEX "webhook_deliveries_due_idx" ON "webhook_deliveries" ("next_attempt_at")
            WHERE state = 'pending'
        `);
    await queryRunner.query(`
            CREATE TABLE "webhook_attempts" (
                "delivery_id" text NOT NULL,
                "number" integer NOT NULL,
                "started_at" TIMESTAMP WITH TIME ZONE NOT NULL,
                "duration_ms" integer NOT NULL,
                "status_code" integer,
                "error" text,
                CONSTRAINT "webhook_attempts_pkey" PRIMARY KEY ("delivery_id", "number")
            )
        `);
    await queryRunner.query(`
            ALTER TABLE "access_tokens"
            ADD CONSTRAINT "access_tokens_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE ON UPDATE NO ACTION
        `);
    await queryRunner.query(`
            ALTER TABLE "imports"
            ADD CONSTRAINT "imports_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE ON UPDATE NO ACTION
        `);
    await queryRunner.query(`
            ALTER TABLE "idempotency_keys"
            ADD CONSTRAINT "idempotency_keys_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE ON UPDATE NO ACTION
        `);
    await queryRunner.query(`
            ALTER TABLE "idempotency_keys"
            ADD CONSTRAINT "idempotency_keys_import_id_fkey" FOREIGN KEY ("import_id") REFERENCES "imports"("id") ON DELETE CASCADE ON UPDATE NO ACTION
        `);
    await queryRunner.query(`
            ALTER TABLE "import_items"
            ADD CONSTRAINT "import_items_import_id_fkey" FOREIGN KEY ("import_id") REFERENCES "imports"("id") ON DELETE CASCADE ON UPDATE NO ACTION
        `);
    await queryRunner.query(`
            ALTER TABLE "assets"
            ADD CONSTRAINT "assets_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE ON UPDATE NO ACTION
        `);
    await queryRunner.query(`
            ALTER TABLE "videos"
            ADD CONSTRAINT "videos_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE ON UPDATE NO ACTION
        `);
    await queryRunner.query(`
            ALTER TABLE "videos"
            ADD CONSTRAINT "videos_asset_id_fkey" FOREIGN KEY ("asset_id") REFERENCES "assets"("id") ON DELETE NO ACTION ON UPDATE NO ACTION
        `);
    await queryRunner.query(`
            ALTER TABLE "webhook_deliveries"
            ADD CONSTRAINT "webhook_deliveries_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects"("id") ON DELETE CASCADE ON UPDATE NO ACTION
        `);
    await queryRunner.query(`
            ALTER TABLE "webhook_attempts"
            ADD CONSTRAINT "webhook_attempts_delivery_id_fkey" FOREIGN KEY ("delivery_id") REFERENCES "webhook_deliveries"("id") ON DELETE CASCADE ON UPDATE NO ACTION
        `);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            ALTER TABLE "webhook_attempts" DROP CONSTRAINT "webhook_attempts_delivery_id_fkey"
        `);
    await queryRunner.query(`
            ALTER TABLE "webhook_deliveries" DROP CONSTRAINT "webhook_deliveries_project_id_fkey"
        `);
    await queryRunner.query(`
            ALTER TABLE "videos" DROP CONSTRAINT "videos_asset_id_fkey"
        `);
    await queryRunner.query(`
            ALTER TABLE "videos" DROP CONSTRAINT "videos_project_id_fkey"
        `);
    await queryRunner.query(`
            ALTER TABLE "assets" DROP CONSTRAINT "assets_project_id_fkey"
        `);
    await queryRunner.query(`
            ALTER TABLE "import_items" DROP CONSTRAINT "import_items_import_id_fkey"
        `);
    await queryRunner.query(`
            ALTER TABLE "idempotency_keys" DROP CONSTRAINT "idempotency_keys_import_id_fkey"
        `);
    await queryRunner.query(`
            ALTER TABLE "idempotency_keys" DROP CONSTRAINT "idempotency_keys_project_id_fkey"
        `);
    await queryRunner.query(`
            ALTER TABLE "imports" DROP CONSTRAINT "imports_project_id_fkey"
        `);
    await queryRunner.query(`
            ALTER TABLE "access_tokens" DROP CONSTRAINT "access_tokens_project_id_fkey"
        `);
    await queryRunner.query(`
            DROP TABLE "webhook_attempts"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."webhook_deliveries_due_idx"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."webhook_deliveries_receiver_host_due_idx"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."webhook_deliveries_project_id_import_id_idx"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."webhook_deliveries_project_id_created_at_id_idx"
        `);
    await queryRunner.query(`
            DROP TABLE "webhook_deliveries"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."videos_project_id_created_at_id_idx"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."videos_asset_id_idx"
        `);
    await queryRunner.query(`
            DROP TABLE "videos"
        `);
    await queryRunner.query(`
            DROP TABLE "assets"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."import_items_pending_idx"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."import_items_leased_idx"
        `);
    await queryRunner.query(`
            DROP TABLE "import_items"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."idempotency_keys_import_id_idx"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."idempotency_keys_created_at_idx"
        `);
    await queryRunner.query(`
            DROP TABLE "idempotency_keys"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."imports_project_id_sequence_idx"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."imports_project_id_system_name_sequence_idx"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."imports_started_idx"
        `);
    await queryRunner.query(`
            DROP TABLE "imports"
        `);
    await queryRunner.query(`
            DROP INDEX "public"."access_tokens_project_id_created_at_idx"
        `);
    await queryRunner.query(`
            DROP TABLE "access_tokens"
        `);
    await queryRunner.query(`
            DROP TABLE "projects"
        `);
  }
}
