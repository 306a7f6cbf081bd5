import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Checks by table: before and after. */
const CHECKS = {
  import_items: {
    import_items_state_check: [
      `state IN ('pending', 'queued', 'running', 'success', 'skipped', 'failed')`,
      `state IN ('pending', 'queued', 'running', 'planned', 'success', 'skipped', 'failed')`,
    ],
  },
  imports: {
    imports_state_check: [
      `state IN ('started', 'success', 'failed')`,
      `state IN ('started', 'planned', 'success', 'failed')`,
    ],
    imports_counters_check: [
      'success + skipped + failed <= total',
      'success + skipped + failed + planned <= total',
    ],
  },
} as const;

/** Plans: imports that are predicted before they run. Every import knows who created it. */
export class Plans1795845600000 implements MigrationInterface {
  name = 'Plans1795845600000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `ALTER TABLE "imports"
         ADD COLUMN "mode" text NOT NULL DEFAULT 'run',
         ADD COLUMN "applied_at" TIMESTAMP WITH TIME ZONE,
         ADD COLUMN "planned" integer NOT NULL DEFAULT 0,
         ADD COLUMN "created_by_id" text,
         ADD COLUMN "created_by_name" text,
         ADD CONSTRAINT "imports_mode_check" CHECK (mode IN ('run', 'plan')),
         ADD CONSTRAINT "imports_applied_check" CHECK (mode = 'plan' OR applied_at IS NULL)`,
    );
    await queryRunner.query(`ALTER TABLE "import_items" ADD COLUMN "prediction" jsonb`);
    await this.check(queryRunner, 1);
    await queryRunner.query(
      `CREATE INDEX "imports_plans_idx" ON "imports" ("project_id", "sequence")
         WHERE mode = 'plan' AND applied_at IS NULL`,
    );
    await queryRunner.query(
      `CREATE INDEX "imports_planned_idx" ON "imports" ("finished_at") WHERE state = 'planned'`,
    );
  }

  /** Fails while plans exist that have not been applied: earlier releases have no such state. */
  public async down(queryRunner: QueryRunner): Promise<void> {
    await this.check(queryRunner, 0);
    await queryRunner.query(`DROP INDEX "imports_planned_idx"`);
    await queryRunner.query(`DROP INDEX "imports_plans_idx"`);
    await queryRunner.query(`ALTER TABLE "import_items" DROP COLUMN "prediction"`);
    await queryRunner.query(
      `ALTER TABLE "imports" DROP CONSTRAINT "imports_applied_check", DROP CONSTRAINT "imports_mode_check",
         DROP COLUMN "created_by_name", DROP COLUMN "created_by_id", DROP COLUMN "planned", DROP COLUMN "applied_at",
         DROP COLUMN "mode"`,
    );
  }

  /** One statement per table: each reads its table once. */
  private async check(queryRunner: QueryRunner, edition: 0 | 1): Promise<void> {
    for (const [table, checks] of Object.entries(CHECKS)) {
      const changes = Object.entries<readonly [string, string]>(checks).map(
        ([name, texts]) => `DROP CONSTRAINT "${name}", ADD CONSTRAINT "${name}" CHECK (${texts[edition]})`,
      );
      await queryRunner.query(`ALTER TABLE "${table}" ${changes.join(', ')}`);
    }
  }
}
