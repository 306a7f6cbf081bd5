import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Events for the listeners of extensions, and their deliveries. */
export class Events1795843200000 implements MigrationInterface {
  name = 'Events1795843200000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE "events" (
         "id" bigint GENERATED ALWAYS AS IDENTITY,
         "project_id" integer NOT NULL,
         "type" text NOT NULL,
         "body" jsonb NOT NULL,
         "occurred_at" timestamptz NOT NULL DEFAULT now(),
         CONSTRAINT "events_pkey" PRIMARY KEY ("id"),
         CONSTRAINT "events_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "projects" ("id") ON DELETE CASCADE
       )`,
    );
    await queryRunner.query(`CREATE INDEX "events_project_id_idx" ON "events" ("project_id")`);
    await queryRunner.query(
      `CREATE TABLE "event_deliveries" (
         "id" uuid NOT NULL,
         "event_id" bigint NOT NULL,
         "project_id" integer NOT NULL,
         "listener" text NOT NULL,
         "state" text NOT NULL DEFAULT 'pending',
         "attempts" integer NOT NULL DEFAULT 0,
         "scheduled_from" integer NOT NULL DEFAULT 0,
         "next_attempt_at" timestamptz,
         "last_error" text,
         "failed_at" timestamptz,
         CONSTRAINT "event_deliveries_pkey" PRIMARY KEY ("id"),
         CONSTRAINT "event_deliveries_event_id_fkey" FOREIGN KEY ("event_id") REFERENCES "events" ("id")
           ON DELETE CASCADE,
         CONSTRAINT "event_deliveries_state_check" CHECK (state IN ('pending', 'dead')),
         CONSTRAINT "event_deliveries_due_check" CHECK ((state = 'pending') = (next_attempt_at IS NOT NULL)),
         CONSTRAINT "event_deliveries_dead_check" CHECK ((state = 'dead') = (failed_at IS NOT NULL))
       )`,
    );
    await queryRunner.query(
      `CREATE INDEX "event_deliveries_event_id_idx" ON "event_deliveries" ("event_id")`,
    );
    await queryRunner.query(
      `CREATE INDEX "event_deliveries_listener_due_idx" ON "event_deliveries" ("listener", "next_attempt_at")
         WHERE state = 'pending'`,
    );
    await queryRunner.query(
      `CREATE INDEX "event_deliveries_project_id_failed_at_id_idx"
         ON "event_deliveries" ("project_id", "failed_at", "id") WHERE state = 'dead'`,
    );
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE "event_deliveries"`);
    await queryRunner.query(`DROP TABLE "events"`);
  }
}
