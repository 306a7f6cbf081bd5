import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ListIndexes1795836000000 implements MigrationInterface {
  name = 'ListIndexes1795836000000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            CREATE INDEX "videos_project_id_external_id_created_at_id_idx"
            ON "videos" ("project_id", "external_id", "created_at", "id")
        `);
    await queryRunner.query(`
            CREATE INDEX "webhook_deliveries_project_id_state_created_at_id_idx"
            ON "webhook_deliveries" ("project_id", "state", "created_at", "id")
        `);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX "webhook_deliveries_project_id_state_created_at_id_idx"`);
    await queryRunner.query(`DROP INDEX "videos_project_id_external_id_created_at_id_idx"`);
  }
}
