import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Media are found by the words of their titles, and keep what their earlier versions were. */
export class LibrarySearch1795851600000 implements MigrationInterface {
  name = 'LibrarySearch1795851600000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "media" ADD "former_versions" jsonb`);
    await queryRunner.query(
      `CREATE INDEX "media_title_words_idx" ON "media" USING gin (
         to_tsvector('simple', translate(title, '!"#$%&''()*+,-./:;<=>?@[\\]^_\`{|}~', repeat(' ', 32)))
       ) WHERE removed_at IS NULL`,
    );
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX "media_title_words_idx"`);
    await queryRunner.query(`ALTER TABLE "media" DROP COLUMN "former_versions"`);
  }
}
