import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Failed attempts, HTTP statuses of failures, and when and in which order imports run. */
export class AttemptsAndOrder1795848000000 implements MigrationInterface {
  name = 'AttemptsAndOrder1795848000000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "import_items" ADD COLUMN "http_status" integer`);
    await queryRunner.query(
      `ALTER TABLE "imports" ADD COLUMN "not_before" timestamptz, ADD COLUMN "priority" smallint NOT NULL DEFAULT 0,
         ADD CONSTRAINT "imports_priority_check" CHECK (priority IN (-1, 0, 1))`,
    );
    await queryRunner.query(
      `CREATE INDEX "imports_urgent_idx" ON "imports" ("kind", "project_id", "sequence")
         WHERE state = 'started' AND priority > 0`,
    );
    await queryRunner.query(
      `CREATE TABLE "import_attempts" (
         "item_id" bigint NOT NULL,
         "claim" integer NOT NULL,
         "started_at" timestamptz NOT NULL,
         "ended_at" timestamptz NOT NULL DEFAULT now(),
         "code" text NOT NULL,
         "reason" text NOT NULL,
         "retryable" boolean NOT NULL,
         "http_status" integer,
         "bytes" bigint,
         "worker" uuid NOT NULL,
         CONSTRAINT "import_attempts_pkey" PRIMARY KEY ("item_id", "claim"),
         CONSTRAINT "import_attempts_item_id_fkey" FOREIGN KEY ("item_id") REFERENCES "import_items" ("id")
           ON DELETE CASCADE
       )`,
    );
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE "import_attempts"`);
    await queryRunner.query(`DROP INDEX "imports_urgent_idx"`);
    await queryRunner.query(
      `ALTER TABLE "imports" DROP CONSTRAINT "imports_priority_check", DROP COLUMN "priority", DROP COLUMN "not_before"`,
    );
    await queryRunner.query(`ALTER TABLE "import_items" DROP COLUMN "http_status"`);
  }
}
