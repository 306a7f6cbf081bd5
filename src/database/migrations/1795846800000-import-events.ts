import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Events of imports for people who watch them, and webhooks for single items. */
export class ImportEvents1795846800000 implements MigrationInterface {
  name = 'ImportEvents1795846800000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "import_events" (
         "id" bigint GENERATED ALWAYS AS IDENTITY,
         "project_id" integer NOT NULL,
         "import_id" text NOT NULL,
         "type" text NOT NULL,
         "body" jsonb NOT NULL,
         "created_at" timestamptz NOT NULL DEFAULT now(),
         CONSTRAINT "import_events_pkey" PRIMARY KEY ("id"),
         CONSTRAINT "import_events_import_id_fkey" FOREIGN KEY ("import_id") REFERENCES "imports" ("id")
           ON DELETE CASCADE,
         CONSTRAINT "import_events_type_check" CHECK (type IN ('items.finished', 'import.finished'))
       )`,
    );
    await queryRunner.query(
      `CREATE INDEX "import_events_import_id_id_idx" ON "import_events" ("import_id", "id")`,
    );
    await queryRunner.query(
      `CREATE INDEX "import_events_project_id_id_idx" ON "import_events" ("project_id", "id")`,
    );
    await queryRunner.query(
      `ALTER TABLE "imports" ADD COLUMN "webhook_events" text[] NOT NULL DEFAULT '{import.finished}'`,
    );
    await queryRunner.query(`ALTER TABLE "imports" ADD COLUMN "told_event_id" bigint`);
    await queryRunner.query(
      `CREATE INDEX "imports_untold_idx" ON "imports" ("id") WHERE told_event_id IS NOT NULL`,
    );
    await queryRunner.query(
      `ALTER TABLE "webhook_deliveries" ADD COLUMN "type" text NOT NULL DEFAULT 'import.finished'`,
    );
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "webhook_deliveries" DROP COLUMN "type"`);
    await queryRunner.query(`DROP INDEX "imports_untold_idx"`);
    await queryRunner.query(`ALTER TABLE "imports" DROP COLUMN "told_event_id"`);
    await queryRunner.query(`ALTER TABLE "imports" DROP COLUMN "webhook_events"`);
    await queryRunner.query(`DROP TABLE "import_events"`);
  }
}
