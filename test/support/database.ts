/// <reference types="vite/types/importMeta.d.ts" />
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { inject } from 'vitest';
import { databaseOptions } from '../../src/database/database-options.js';
import { TEMPLATE, dropDatabase, execute, withDatabase } from './postgres.js';

export interface TestDatabase {
  /** `postgresql://…` */
  url: string;
  dataSource: DataSource;
  drop(): Promise<void>;
}

/** A separate database with the current schema for one spec file. */
export async function createDatabase(): Promise<TestDatabase> {
  const admin = inject('databaseUrl');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await execute(admin, `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE} STRATEGY FILE_COPY`);
  const url = withDatabase(admin, name);
  const entities = Object.values(
    import.meta.glob<Record<string, new () => object>>('../../src/**/*.entity.ts', { eager: true }),
  ).flatMap((module) => Object.values(module));
  const dataSource = await new DataSource({
    ...databaseOptions({ url, poolSize: 5 }),
    entities,
  }).initialize();
  return {
    url,
    dataSource,
    drop: async () => {
      if (dataSource.isInitialized) await dataSource.destroy();
      await dropDatabase(admin, name);
    },
  };
}
