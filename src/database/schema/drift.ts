import type { DataSource } from 'typeorm';
import type { ExtensionSchema } from './extension-schemas.js';
import { withExtension } from './run-migrations.js';

/** Foreign keys to `projects`; entities of extensions have no relation to it. */
const TO_PROJECTS = `
  SELECT conname AS name FROM pg_constraint WHERE contype = 'f' AND confrelid = to_regclass('projects')`;

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
