import type { MigrationInterface, QueryRunner } from 'typeorm';

const LISTS = {
  media_project_id_created_at_id_idx: '"project_id", "created_at", "id"',
  media_project_id_kind_created_at_id_idx: '"project_id", "kind", "created_at", "id"',
  media_project_id_external_id_kind_created_at_id_idx:
    '"project_id", "external_id", "kind", "created_at", "id"',
} as const;

/** Media can be removed and restored; their rows stay, so that an identity always has the same mediaId. */
export class RemovedMedia1795850400000 implements MigrationInterface {
  name = 'RemovedMedia1795850400000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `ALTER TABLE "media" ADD "removed_at" timestamptz, ADD "removed_sequence" bigint, ADD "former_asset_ids" bigint[],
         ALTER "asset_id" DROP NOT NULL,
         ADD CONSTRAINT "media_removed_check" CHECK ((removed_at IS NULL) = (removed_sequence IS NULL)),
         ADD CONSTRAINT "media_asset_check" CHECK (asset_id IS NOT NULL OR removed_at IS NOT NULL)`,
    );
    for (const [name, columns] of Object.entries(LISTS)) {
      await queryRunner.query(`DROP INDEX "${name}"`);
      await queryRunner.query(`CREATE INDEX "${name}" ON "media" (${columns}) WHERE removed_at IS NULL`);
    }
    await queryRunner.query(
      `CREATE INDEX "media_removed_idx" ON "media" ("removed_at")
         WHERE removed_at IS NOT NULL AND asset_id IS NOT NULL`,
    );
    await queryRunner.query(
      `CREATE INDEX "media_removed_former_asset_ids_idx" ON "media" USING gin ("former_asset_ids")
         WHERE removed_at IS NOT NULL`,
    );
    await this.setTrigger(
      queryRunner,
      'OLD.asset_id IS NOT NULL AND OLD.asset_id IS DISTINCT FROM NEW.asset_id',
    );
    await queryRunner.query(`
            CREATE OR REPLACE FUNCTION "note_removed_assets"() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO released_assets (asset_id)
                SELECT DISTINCT asset_id FROM removed WHERE asset_id IS NOT NULL;
                RETURN NULL;
            END
            $$
        `);
  }

  /** Media that are removed at that time are lost. */
  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DELETE FROM "media" WHERE "removed_at" IS NOT NULL`);
    await queryRunner.query(`
            CREATE OR REPLACE FUNCTION "note_removed_assets"() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO released_assets (asset_id) SELECT DISTINCT asset_id FROM removed;
                RETURN NULL;
            END
            $$
        `);
    await this.setTrigger(queryRunner, 'OLD.asset_id <> NEW.asset_id');
    await queryRunner.query(`DROP INDEX "media_removed_former_asset_ids_idx"`);
    await queryRunner.query(`DROP INDEX "media_removed_idx"`);
    for (const [name, columns] of Object.entries(LISTS)) {
      await queryRunner.query(`DROP INDEX "${name}"`);
      await queryRunner.query(`CREATE INDEX "${name}" ON "media" (${columns})`);
    }
    await queryRunner.query(
      `ALTER TABLE "media" DROP CONSTRAINT "media_asset_check", DROP CONSTRAINT "media_removed_check",
         ALTER "asset_id" SET NOT NULL, DROP COLUMN "former_asset_ids", DROP COLUMN "removed_sequence",
         DROP COLUMN "removed_at"`,
    );
  }

  private async setTrigger(queryRunner: QueryRunner, when: string): Promise<void> {
    await queryRunner.query(`DROP TRIGGER "media_asset_replaced" ON "media"`);
    await queryRunner.query(`
            CREATE TRIGGER "media_asset_replaced" AFTER UPDATE OF "asset_id" ON "media"
            FOR EACH ROW WHEN (${when}) EXECUTE FUNCTION "note_replaced_asset"()
        `);
  }
}
