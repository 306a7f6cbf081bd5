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
  return withDataSource(new DataSource({ ...options, entities: [...entities] }), async ({ driver }) => {
    const { upQueries } = await driver.createSchemaBuilder().log();
    return upQueries.map(({ query }) => query);
  });
}

/** Statements that would change the tables of an extension to what its entities say; empty if they match. */
export function driftOf(url: string, schema: ExtensionSchema): Promise<string[]> {
  if ((schema.entities ?? []).length === 0) return Promise.resolve([]);
  return withExtension(url, schema, statementsOf, { entities: true });
}

async function statementsOf(dataSource: DataSource): Promise<string[]> {
  const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
  const allowed: Array<{ name: string }> = await dataSource.query(TO_PROJECTS);
  return upQueries
    .map(({ query }) => query)
    .filter((query) => !allowed.some(({ name }) => query.endsWith(`DROP CONSTRAINT "${name}"`)));
}
