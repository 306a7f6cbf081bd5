import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import type { TestProject } from 'vitest/node';
import { startServices } from '#libs/embedded';
import { databaseOptions } from '../../../src/database/database-options.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Data folder of a PostgreSQL that does not run, with the schema of all migrations. */
    databaseTemplate: string;
  }
}

/** Makes the database cluster once, of which every case gets its copy. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'reelport-chaos-'));
  // As root PostgreSQL runs under an account that has to get through.
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
