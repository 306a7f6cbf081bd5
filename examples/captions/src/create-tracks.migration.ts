import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateTracks1795800000010 implements MigrationInterface {
  name = 'CreateTracks1795800000010';

  async up(runner: QueryRunner): Promise<void> {
    // A track names its video by the partner's id: it may arrive first, and tables of extensions reference projects only.
    await runner.query(`
      CREATE TABLE captions_tracks (
        project_id integer NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
        system_name text NOT NULL,
        external_id text NOT NULL,
        video_id text NOT NULL,
        language text NOT NULL,
        cues jsonb NOT NULL,
        sequence bigint NOT NULL,
        changed_in bigint NOT NULL,
        PRIMARY KEY (project_id, system_name, external_id)
      )`);
    await runner.query(
      'CREATE INDEX captions_tracks_video_idx ON captions_tracks (project_id, system_name, video_id, language)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE captions_tracks');
  }
}
