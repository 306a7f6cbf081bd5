import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProject, setMetadataSchema } from '../../test/support/accounts.js';
import { createDatabase, type TestDatabase } from '../../test/support/database.js';
import { startTcpProxy, type TcpProxy } from '../../test/support/tcp-proxy.js';
import { parseEnvironment } from '../config/parse-environment.js';
import { databaseOptions } from '../database/database-options.js';
import { isUnreachable } from '../database/unreachable-error.js';
import { Outages } from '../imports/run/outages.js';
import { Lifecycle } from '../process/lifecycle.js';
import { Project } from '../projects/project.entity.js';
import { ProjectsRepository } from '../projects/projects.repository.js';
import { ProjectsService } from '../projects/projects.service.js';
import { MAX_SCHEMAS, MetadataSchemas } from './metadata-schemas.js';

const SCHEMA = { type: 'object', required: ['title'] };

let database: TestDatabase;
let proxy: TcpProxy;
let dataSource: DataSource;
let schemas: MetadataSchemas;

beforeAll(async () => {
  Logger.overrideLogger(false);
  database = await createDatabase();
  proxy = await startTcpProxy(database.url);
  dataSource = await new DataSource({
    ...databaseOptions({ url: proxy.url, poolSize: 2, timeoutMs: 1_000 }),
    entities: [Project],
    logging: false,
  }).initialize();
  const projects = new ProjectsService(new ProjectsRepository(dataSource.getRepository(Project)));
  schemas = new MetadataSchemas(projects, new Outages(new Lifecycle(parseEnvironment({}))));
});
afterAll(async () => {
  await dataSource?.destroy();
  await proxy?.cut();
  await database?.drop();
});

async function projectWith(schema: object | null): Promise<number> {
  const { id } = await createProject(database.dataSource);
  if (schema !== null) await setMetadataSchema(database.dataSource, id, schema);
  return id;
}

describe('the metadata schema of a project', () => {
  it('is read after a database outage', async () => {
    const id = await projectWith(SCHEMA);
    await proxy.cut();
    let isRead = false;
    const reading = schemas.of(id, 'videos').finally(() => {
      isRead = true;
    });
    // This read meets the outage.
    await expect(dataSource.query('SELECT 1')).rejects.toSatisfy(isUnreachable);
    expect(isRead).toBe(false);
    await proxy.mend();
    const validate = await reading;
    expect([validate?.({ title: 'a' }), validate?.({})]).toEqual([true, false]);
  });

  it('is read and compiled once for concurrent callers', async () => {
    const id = await projectWith(SCHEMA);
    const read = await Promise.all([
      schemas.of(id, 'videos'),
      schemas.of(id, 'videos'),
      schemas.of(id, 'videos'),
    ]);
    expect(new Set(read).size).toBe(1);
  });

  it('of one kind says nothing about another kind', async () => {
    const id = await projectWith(SCHEMA);
    await setMetadataSchema(database.dataSource, id, { type: 'object', required: ['alt'] }, 'images');
    const [videos, images] = [await schemas.of(id, 'videos'), await schemas.of(id, 'images')];
    expect([videos?.({ title: 'a' }), videos?.({ alt: 'a' })]).toEqual([true, false]);
    expect([images?.({ title: 'a' }), images?.({ alt: 'a' })]).toEqual([false, true]);
    expect(await schemas.of(id, 'constructor')).toBeNull();
  });

  it.each([
    { others: MAX_SCHEMAS - 1, kept: true },
    { others: MAX_SCHEMAS, kept: false },
  ])('is kept while it is one of those used last: after $others others: $kept', async ({ others, kept }) => {
    const id = await projectWith(SCHEMA);
    const first = await schemas.of(id, 'videos');
    const kinds = Array.from({ length: others }, (_, index) => `kind-${index}`);
    await Promise.all(kinds.map((kind) => schemas.of(id, kind)));
    // A schema that is no longer kept is compiled again.
    expect((await schemas.of(id, 'videos')) === first).toBe(kept);
  });

  it('is null if the project allows any object', async () => {
    expect(await schemas.of(await projectWith(null), 'videos')).toBeNull();
  });
});
