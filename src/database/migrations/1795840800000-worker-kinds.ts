import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Workers report which kinds they can run, so that imports of a missing kind are seen. */
export class WorkerKinds1795840800000 implements MigrationInterface {
  name = 'WorkerKinds1795840800000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "workers" ADD "kinds" text array NOT NULL DEFAULT '{}'`);
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE "workers" DROP COLUMN "kinds"`);
  }
}
