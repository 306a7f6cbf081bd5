import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { databaseOptions } from '../../src/database/database-options.js';
import { startPgBouncer, type PgBouncer } from '../support/pgbouncer.js';
import { dropDatabase, execute, withDatabase } from '../support/postgres.js';
import { entry, newMp4, newPartner, openScene, type Scene } from './scene.js';

const empty = `pooled_${randomUUID().replaceAll('-', '')}`;

let pgBouncer: PgBouncer;
let scene: Scene;

beforeAll(async () => {
  const server = inject('databaseUrl');
  pgBouncer = await startPgBouncer(server);
  await execute(server, `CREATE DATABASE ${empty}`);
  scene = await openScene();
});
afterAll(async () => {
  await scene?.close();
  await pgBouncer?.stop();
  await dropDatabase(inject('databaseUrl'), empty);
});

it('PgBouncer in session mode supports the migrations', async () => {
  const url = pgBouncer.through(withDatabase(inject('databaseUrl'), empty));
  const dataSource = await new DataSource(databaseOptions({ url, poolSize: 1 })).initialize();
  try {
    expect((await dataSource.runMigrations()).length).toBeGreaterThan(5);
  } finally {
    await dataSource.destroy();
  }
});

it('PgBouncer in session mode supports imports: statements, transactions, and signals between processes', async () => {
  const { reelport, origin } = scene;
  await reelport.stop();
  await reelport.start({ DATABASE_URL: pgBouncer.through(reelport.database.url) });
  const database = new URL(reelport.database.url).pathname.slice(1);
  expect(await pgBouncer.clientsOf(database)).toBeGreaterThan(1);
  const { api } = await newPartner(reelport);
  origin.serve('/*', () => newMp4());
  const importId = await api.importVideos(
    'pooled',
    ['a', 'b', 'c'].map((id) => entry(id, origin.url(`/${id}.mp4`))),
  );
  expect(await api.finished(importId)).toMatchObject({ overview: { success: 3 } });
});
