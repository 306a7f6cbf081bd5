import type { MigrationInterface, QueryRunner } from 'typeorm';

const CHECKS = {
  import_items: {
    import_items_state_check: `state IN ('pending', 'queued', 'running', 'success', 'skipped', 'failed')`,
    import_items_owner_check: `(state = 'running') = (lease_owner IS NOT NULL)`,
    import_items_lease_check: `(state IN ('queued', 'running')) = (lease_until IS NOT NULL)`,
    import_items_finished_check: `(state IN ('success', 'skipped', 'failed')) = (finished_at IS NOT NULL)`,
  },
  imports: {
    imports_state_check: `state IN ('started', 'success', 'failed')`,
    imports_finished_check: `(state <> 'started') = (finished_at IS NOT NULL)`,
  },
  webhook_deliveries: {
    webhook_deliveries_state_check: `state IN ('pending', 'delivered', 'failed', 'superseded')`,
    webhook_deliveries_due_check: `(state = 'pending') = (next_attempt_at IS NOT NULL)`,
    webhook_deliveries_delivered_check: `(state = 'delivered') = (delivered_at IS NOT NULL)`,
  },
};

/** One statement per table: each reads its table once to check the rows that exist. */
export class StateChecks1795839600000 implements MigrationInterface {
  name = 'StateChecks1795839600000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    for (const [table, checks] of Object.entries(CHECKS)) {
      const added = Object.entries(checks).map(
        ([name, check]) => `ADD CONSTRAINT "${name}" CHECK (${check})`,
      );
      await queryRunner.query(`ALTER TABLE "${table}" ${added.join(', ')}`);
    }
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    for (const [table, checks] of Object.entries(CHECKS).toReversed()) {
      const dropped = Object.keys(checks).map((name) => `DROP CONSTRAINT "${name}"`);
      await queryRunner.query(`ALTER TABLE "${table}" ${dropped.join(', ')}`);
    }
  }
}
