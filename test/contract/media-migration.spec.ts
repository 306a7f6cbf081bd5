import 'reflect-metadata';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { inject } from 'vitest';
import { DataSource } from 'typeorm';
import { databaseOptions } from '../../src/database/database-options.js';
import { migrations } from '../../src/database/migrations/index.js';
import { dropDatabase, execute, withDatabase } from '../support/postgres.js';

const VIDEOS = 10_000;
const NAME = 'media_migration';
const SAME = `md5(string_agg(row::text, '' ORDER BY row::text))`;

let dataSource: DataSource;
/** Those of the release that had only videos. */
const before = migrations.slice(
  0,
  migrations.findIndex(({ name }) => name.startsWith('Media')),
);

beforeAll(async () => {
  const admin = inject('databaseUrl');
  await execute(admin, `CREATE DATABASE ${NAME}`);
  const options = databaseOptions({ url: withDatabase(admin, NAME), poolSize: 2 });
  const old = await new DataSource({ ...options, migrations: before }).initialize();
  await old.runMigrations();
  await old.query(
    `INSERT INTO projects (name, webhook_secrets) SELECT 'p' || n, '[]' FROM generate_series(1, 3) n`,
  );
  await old.query(
    `INSERT INTO assets (project_id, sha256, size, mime_type, container, video_codec, audio_codec, width, height, duration,
       storage_key, orphaned_at)
     SELECT 1 + n % 3, lpad(n::text, 64, '0'), n, 'video/mp4', 'mp4', 'h264', CASE WHEN n % 2 = 0 THEN 'aac' END, n, n + 1,
       CASE WHEN n % 3 = 0 THEN n / 7.0 END, 'key' || n, CASE WHEN n % 100 = 0 THEN now() END
     FROM generate_series(1, $1::integer) n`,
    [VIDEOS],
  );
  await old.query(
    `INSERT INTO videos (id, project_id, system_name, external_id, title, metadata, metadata_text, version, import_sequence,
       version_sequence, source_url, etag, last_modified, asset_id)
     SELECT 'video' || id, project_id, 'system' || id % 7, 'external' || id, 'Title ' || id, '{"a": 1}', '{"a": 1.0}',
       id % 5 + 1, id, id, 'https://a.example/' || id, '"' || id || '"', 'date', id
     FROM assets`,
  );
  await old.query(`UPDATE projects SET metadata_schema = '{"required": ["title"]}' WHERE name = 'p1'`);
  dataSource = old;
});
afterAll(async () => {
  await dataSource.destroy();
  await dropDatabase(inject('databaseUrl'), NAME);
});

async function migrated(): Promise<DataSource> {
  const options = databaseOptions({ url: withDatabase(inject('databaseUrl'), NAME), poolSize: 2 });
  return new DataSource(options).initialize();
}

/** Back to the release that had only videos. */
async function revert(source: DataSource): Promise<void> {
  for (let left = migrations.length - before.length; left > 0; left -= 1) await source.undoLastMigration();
}

const one = async (source: DataSource, sql: string): Promise<unknown> =>
  (await source.query<unknown[]>(sql))[0];

it('keeps every id, version, file and fact of 10 000 videos, forth and back', async () => {
  const media = `SELECT ${SAME} AS same, count(*)::integer AS count FROM (
    SELECT id, project_id, system_name, external_id, title, metadata, metadata_text, version, import_sequence,
      version_sequence, source_url, etag, last_modified, asset_id, created_at, updated_at FROM `;
  const assets = `SELECT ${SAME} AS same FROM (
    SELECT id, project_id, sha256, size, mime_type, storage_key, orphaned_at, created_at`;
  const videosBefore = await one(dataSource, `${media} videos) row`);
  const filesBefore = await one(
    dataSource,
    `${assets}, container, video_codec, audio_codec, width, height, duration FROM assets) row`,
  );
  expect(videosBefore).toMatchObject({ count: VIDEOS });

  const now = await migrated();
  try {
    await now.runMigrations();
    expect(await one(now, `${media} media WHERE kind = 'videos') row`)).toEqual(videosBefore);
    expect(
      await one(
        now,
        `${assets}, facts->>'container', facts->>'videoCodec', facts->>'audioCodec', (facts->>'width')::integer,
           (facts->>'height')::integer, (facts->>'duration')::double precision
         FROM assets WHERE kind = 'videos') row`,
      ),
    ).toEqual(filesBefore);

    await revert(now);
    expect(await one(now, `${media} videos) row`)).toEqual(videosBefore);
    expect(
      await one(
        now,
        `${assets}, container, video_codec, audio_codec, width, height, duration FROM assets) row`,
      ),
    ).toEqual(filesBefore);
  } finally {
    await now.destroy();
  }
});

it('keeps the metadata schemas, which are those of videos', async () => {
  const now = await migrated();
  const schemas = (column: string): Promise<unknown> =>
    now.query(`SELECT name, ${column} AS schema FROM projects ORDER BY name`);
  try {
    const earlier = await schemas('metadata_schema');
    await now.runMigrations();
    expect(await schemas('metadata_schemas')).toEqual([
      { name: 'p1', schema: { videos: { required: ['title'] } } },
      { name: 'p2', schema: {} },
      { name: 'p3', schema: {} },
    ]);
    await now.query(
      `UPDATE projects SET metadata_schemas = metadata_schemas || '{"images": {"required": ["alt"]}}'`,
    );
    await revert(now);
    expect(await schemas('metadata_schema')).toEqual(earlier);
  } finally {
    await now.destroy();
  }
});
