import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Columns of an asset that only videos have. */
const FACTS = {
  container: ['container', 'text NOT NULL'],
  video_codec: ['videoCodec', 'text'],
  audio_codec: ['audioCodec', 'text'],
  width: ['width', 'integer NOT NULL'],
  height: ['height', 'integer NOT NULL'],
  duration: ['duration', 'double precision'],
} as const;

const CONSTRAINTS = [
  ['videos_pkey', 'media_pkey'],
  ['videos_project_id_fkey', 'media_project_id_fkey'],
  ['videos_asset_id_fkey', 'media_asset_id_fkey'],
] as const;

const INDEXES = [
  ['videos_asset_id_idx', 'media_asset_id_idx'],
  ['videos_project_id_created_at_id_idx', 'media_project_id_created_at_id_idx'],
] as const;

const TRIGGERS = [
  ['videos_asset_replaced', 'media_asset_replaced'],
  ['videos_removed', 'media_removed'],
] as const;

/** One library for every kind of media: `videos` becomes `media`, and the facts of an asset become one jsonb column. */
export class Media1795842000000 implements MigrationInterface {
  name = 'Media1795842000000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "videos" RENAME TO "media"`);
    for (const [from, to] of CONSTRAINTS)
      await queryRunner.query(`ALTER TABLE "media" RENAME CONSTRAINT "${from}" TO "${to}"`);
    for (const [from, to] of INDEXES) await queryRunner.query(`ALTER INDEX "${from}" RENAME TO "${to}"`);
    for (const [from, to] of TRIGGERS)
      await queryRunner.query(`ALTER TRIGGER "${from}" ON "media" RENAME TO "${to}"`);
    // A default that is dropped at once fills the column without rewriting the table.
    await queryRunner.query(`ALTER TABLE "media" ADD "kind" text NOT NULL DEFAULT 'videos'`);
    await queryRunner.query(`ALTER TABLE "media" ALTER "kind" DROP DEFAULT`);
    await queryRunner.query(
      `ALTER TABLE "media" ADD CONSTRAINT "media_project_id_kind_system_name_external_id_key"
         UNIQUE ("project_id", "kind", "system_name", "external_id"),
       DROP CONSTRAINT "videos_project_id_system_name_external_id_key"`,
    );
    await queryRunner.query(
      `CREATE INDEX "media_project_id_kind_created_at_id_idx" ON "media" ("project_id", "kind", "created_at", "id")`,
    );
    await queryRunner.query(
      `CREATE INDEX "media_project_id_external_id_kind_created_at_id_idx"
         ON "media" ("project_id", "external_id", "kind", "created_at", "id")`,
    );
    await queryRunner.query(`DROP INDEX "videos_project_id_external_id_created_at_id_idx"`);
    await queryRunner.query(
      `ALTER TABLE "assets" ADD "kind" text NOT NULL DEFAULT 'videos', ADD "facts" jsonb`,
    );
    const members = Object.entries(FACTS).map(([column, [fact]]) => `'${fact}', "${column}"`);
    await queryRunner.query(`UPDATE "assets" SET "facts" = jsonb_build_object(${members.join(', ')})`);
    const dropped = Object.keys(FACTS).map((column) => `DROP COLUMN "${column}"`);
    await queryRunner.query(
      `ALTER TABLE "assets" ALTER "kind" DROP DEFAULT, ALTER "facts" SET NOT NULL, ${dropped.join(', ')},
         ADD CONSTRAINT "assets_project_id_kind_sha256_key" UNIQUE ("project_id", "kind", "sha256"),
         DROP CONSTRAINT "assets_project_id_sha256_key"`,
    );
  }

  /** Removes everything of other kinds than videos. */
  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DELETE FROM "media" WHERE "kind" <> 'videos'`);
    await queryRunner.query(`DELETE FROM "assets" WHERE "kind" <> 'videos'`);
    const added = Object.entries(FACTS).map(
      ([column, [, type]]) => `ADD "${column}" ${type.replace(' NOT NULL', '')}`,
    );
    await queryRunner.query(`ALTER TABLE "assets" ${added.join(', ')}`);
    const values = Object.entries(FACTS).map(
      ([column, [fact, type]]) => `"${column}" = ("facts"->>'${fact}')::${type.replace(' NOT NULL', '')}`,
    );
    await queryRunner.query(`UPDATE "assets" SET ${values.join(', ')}`);
    const required = Object.entries(FACTS).flatMap(([column, [, type]]) =>
      type.endsWith('NOT NULL') ? [`ALTER "${column}" SET NOT NULL`] : [],
    );
    await queryRunner.query(
      `ALTER TABLE "assets" ${required.join(', ')},
         ADD CONSTRAINT "assets_project_id_sha256_key" UNIQUE ("project_id", "sha256"),
         DROP CONSTRAINT "assets_project_id_kind_sha256_key", DROP COLUMN "facts", DROP COLUMN "kind"`,
    );
    await queryRunner.query(`DROP INDEX "media_project_id_kind_created_at_id_idx"`);
    await queryRunner.query(`DROP INDEX "media_project_id_external_id_kind_created_at_id_idx"`);
    await queryRunner.query(
      `CREATE INDEX "videos_project_id_external_id_created_at_id_idx"
         ON "media" ("project_id", "external_id", "created_at", "id")`,
    );
    await queryRunner.query(
      `ALTER TABLE "media" ADD CONSTRAINT "videos_project_id_system_name_external_id_key"
         UNIQUE ("project_id", "system_name", "external_id"),
       DROP CONSTRAINT "media_project_id_kind_system_name_external_id_key", DROP COLUMN "kind"`,
    );
    for (const [from, to] of TRIGGERS)
      await queryRunner.query(`ALTER TRIGGER "${to}" ON "media" RENAME TO "${from}"`);
    for (const [from, to] of INDEXES) await queryRunner.query(`ALTER INDEX "${to}" RENAME TO "${from}"`);
    for (const [from, to] of CONSTRAINTS)
      await queryRunner.query(`ALTER TABLE "media" RENAME CONSTRAINT "${to}" TO "${from}"`);
    await queryRunner.query(`ALTER TABLE "media" RENAME TO "videos"`);
  }
}
