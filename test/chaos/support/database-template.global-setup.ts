import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import type { TestProject } from 'vitest/node';
import { startServices } from '#libs/embedded';
import { databaseOptions } from '../../../src/database/database-options.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Data folder of a stopped PostgreSQL with the current schema. */
    databaseTemplate: string;
  }
}

/** Creates the database cluster once; every case works on a copy. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'reelport-chaos-'));
  // If root runs the tests, PostgreSQL runs as another user, which has to be able to enter.
  await chmod(folder, 0o711);
  const dataDir = join(folder, 'template');
  const services = await startServices({ dataDir, need: { redis: false } });
  const { databaseUrl } = services;
  if (databaseUrl === undefined) throw new Error('PostgreSQL did not start');
  const dataSource = await new DataSource(databaseOptions({ url: databaseUrl, poolSize: 2 })).initialize();
  await dataSource.runMigrations();
  await dataSource.destroy();
  await services.stop();
  project.provide('databaseTemplate', dataDir);
  return () => rm(folder, { recursive: true, force: true });
}
