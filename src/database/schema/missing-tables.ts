import type { DataSource } from 'typeorm';
import { EnvironmentError } from '../../config/parse-environment.js';
import { CORE_TABLES } from './core-tables.js';
import { type ExtensionSchema, isOwnTable } from './extension-schemas.js';

/**
 * Refuses to start with entities whose tables or columns do not exist: a migration was forgotten, and every item would
 * fail.
 *
 * @throws EnvironmentError one line for each table or column
 */
export async function assertTablesExist(
  dataSource: DataSource,
  extensions: readonly ExtensionSchema[],
): Promise<void> {
  const rows: Array<{ table: string; column: string }> = await dataSource.query(
    `SELECT relname AS "table", attname AS "column" FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
     WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
       AND relkind IN ('r', 'p', 'v', 'm', 'f') AND attnum > 0 AND NOT attisdropped`,
  );
  const columns = new Map<string, Set<string>>();
  for (const { table, column } of rows) {
    columns.set(table, (columns.get(table) ?? new Set()).add(column));
  }
  const faults = dataSource.entityMetadatas.flatMap((entity) => {
    const table = entity.tableName;
    const owner = ownerOf(table, extensions);
    if (owner === undefined) {
      return [`the entity ${entity.name} has the table ${table}, which begins with the name of no extension`];
    }
    const present = columns.get(table);
    if (present === undefined) {
      return [`${owner}: the table ${table} of the entity ${entity.name} does not exist; list its migration`];
    }
    return entity.columns
      .filter(({ databaseName, isVirtualProperty }) => !isVirtualProperty && !present.has(databaseName))
      .map(
        ({ databaseName }) =>
          `${owner}: the column ${table}.${databaseName} of the entity ${entity.name} does not exist; list its migration`,
      );
  });
  if (faults.length === 0) return;
  throw new EnvironmentError(
    `The database lacks tables or columns:\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
  );
}

function ownerOf(table: string, extensions: readonly ExtensionSchema[]): string | undefined {
  if (CORE_TABLES.includes(table)) return 'reelport';
  return extensions.find((schema) => isOwnTable(schema, table))?.name;
}
