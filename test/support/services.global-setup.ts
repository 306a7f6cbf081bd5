import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import type { TestProject } from 'vitest/node';
import { startServices } from '#libs/embedded';
import { databaseOptions } from '../../src/database/database-options.js';
import { TEMPLATE, execute, withDatabase } from './postgres.js';

declare module 'vitest' {
  interface ProvidedContext {
    databaseUrl: string;
    redisUrl: string;
  }
}

/** Provides a real PostgreSQL and Redis for the whole run: those of DATABASE_URL and REDIS_URL, or new ones. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { DATABASE_URL, REDIS_URL } = process.env;
  const dataDir = await mkdtemp(join(tmpdir(), 'reelport-test-'));
  const services = await startServices({
    dataDir,
    durable: false,
    need: { database: DATABASE_URL === undefined, redis: REDIS_URL === undefined },
    log: (line) => process.stderr.write(`${line}\n`),
  });
  const databaseUrl = given(DATABASE_URL ?? services.databaseUrl);
  await execute(databaseUrl, `DROP DATABASE IF EXISTS ${TEMPLATE}`);
  await execute(databaseUrl, `CREATE DATABASE ${TEMPLATE}`);
  const template = await new DataSource(
    databaseOptions({ url: withDatabase(databaseUrl, TEMPLATE), poolSize: 2 }),
  ).initialize();
  await template.runMigrations();
  await template.destroy();
  project.provide('databaseUrl', databaseUrl);
  project.provide('redisUrl', given(REDIS_URL ?? services.redisUrl));
  return async () => {
    await services.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}

function given(url: string | undefined): string {
  if (url === undefined) throw new Error('A service did not start');
  return url;
}
