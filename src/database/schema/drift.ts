import { DataSource } from 'typeorm';
import { databaseOptions } from '../database-options.js';
import type { ExtensionSchema } from './extension-schemas.js';
import { withDataSource, withExtension } from './run-migrations.js';

/** Foreign keys to `projects`; entities of extensions have no relation to it. */
const TO_PROJECTS = `
  SELECT conname AS name FROM pg_constraint WHERE contype = 'f' AND confrelid = to_regclass('projects')`;

/** Statements that would change the tables of Reelport to what its entities say; empty if they match. */
export function coreDriftOf(url: string, entities: ReadonlyArray<new () => object>): Promise<string[]> {
  const options = databaseOptions({ url, poolSize: 2 });
  return withDataSource(new DataSource({ ...options, entities: [...entities] }), changesOf);
}

/** Statements that would change the tables of an extension to what its entities say; empty if they match. */
export function driftOf(url: string, schema: ExtensionSchema): Promise<string[]> {
  if ((schema.entities ?? []).length === 0) return Promise.resolve([]);
  return withExtension(url, schema, statementsOf, { entities: true });
}

async function statementsOf(dataSource: DataSource): Promise<string[]> {
  const changes = await changesOf(dataSource);
  const allowed: Array<{ name: string }> = await dataSource.query(TO_PROJECTS);
  return changes.filter((query) => !allowed.some(({ name }) => query.endsWith(`DROP CONSTRAINT "${name}"`)));
}

async function changesOf({ driver }: DataSource): Promise<string[]> {
  const { noDeprecation } = process;
  // TypeORM reads tables by concurrent queries of one connection, of which pg warns on the terminal.
  process.noDeprecation = true;
  try {
    const { upQueries } = await driver.createSchemaBuilder().log();
    return upQueries.map(({ query }) => query);
  } finally {
    process.noDeprecation = noDeprecation;
  }
}
