import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The tables of an extension begin with its name, and refer to no table of Reelport but `projects`. */
export class CreateCaptions1795900000000 implements MigrationInterface {
  name = 'CreateCaptions1795900000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE captions_captions (
        project_id integer NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
        system_name text NOT NULL,
        external_id text NOT NULL,
        video text NOT NULL,
        language text NOT NULL,
        format text NOT NULL,
        cues integer NOT NULL,
        content text NOT NULL,
        PRIMARY KEY (project_id, system_name, external_id)
      )`);
    await runner.query(
      'CREATE INDEX captions_captions_video_idx ON captions_captions (project_id, system_name, video, language)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE captions_captions');
  }
}
