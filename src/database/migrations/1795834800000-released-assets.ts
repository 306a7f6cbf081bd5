import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ReleasedAssets1795834800000 implements MigrationInterface {
  name = 'ReleasedAssets1795834800000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
            CREATE TABLE "released_assets" (
                "id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
                "asset_id" bigint NOT NULL,
                CONSTRAINT "released_assets_pkey" PRIMARY KEY ("id")
            )
        `);
    // Only a trigger sees which asset an upsert replaces before PostgreSQL 18, and it sees it regardless of who replaces it.
    await queryRunner.query(`
            CREATE FUNCTION "note_replaced_asset"() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO released_assets (asset_id) VALUES (OLD.asset_id);
                RETURN NULL;
            END
            $$
        `);
    await queryRunner.query(`
            CREATE TRIGGER "videos_asset_replaced" AFTER UPDATE OF "asset_id" ON "videos"
            FOR EACH ROW WHEN (OLD.asset_id <> NEW.asset_id) EXECUTE FUNCTION "note_replaced_asset"()
        `);
    await queryRunner.query(`
            CREATE FUNCTION "note_removed_assets"() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO released_assets (asset_id) SELECT DISTINCT asset_id FROM removed;
                RETURN NULL;
            END
            $$
        `);
    await queryRunner.query(`
            CREATE TRIGGER "videos_removed" AFTER DELETE ON "videos"
            REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION "note_removed_assets"()
        `);
    await queryRunner.query(`
            INSERT INTO released_assets (asset_id)
            SELECT id FROM assets asset
            WHERE orphaned_at IS NULL AND NOT EXISTS (SELECT FROM videos video WHERE video.asset_id = asset.id)
        `);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TRIGGER "videos_removed" ON "videos"`);
    await queryRunner.query(`DROP TRIGGER "videos_asset_replaced" ON "videos"`);
    await queryRunner.query(`DROP FUNCTION "note_removed_assets"()`);
    await queryRunner.query(`DROP FUNCTION "note_replaced_asset"()`);
    await queryRunner.query(`DROP TABLE "released_assets"`);
  }
}
