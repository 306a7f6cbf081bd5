import { EnvironmentError } from '../../config/parse-environment.js';
import { CONNECT_TIMEOUT_MS } from '../connection-limits.js';
import { migrations } from '../migrations/index.js';
import { OwnConnection } from '../own-connection.js';
import { type ExtensionSchema, migrationsTableOf } from './extension-schemas.js';

/** A table of applied migrations, with those that this process knows. */
interface Ledger {
  table: string;
  known: readonly string[];
  /** Error message about unknown ones. */
  refusal: (unknown: string) => string;
}

/**
 * Refuses a database that a newer release, of Reelport or of an extension, has migrated, because this process does not
 * know its schema. An unavailable database passes, because it may still start.
 *
 * @throws EnvironmentError one line each with the required change
 */
export async function assertSchemaIsKnown(
  url: string,
  extensions: readonly ExtensionSchema[] = [],
): Promise<void> {
  const ledgers = [coreLedger(), ...extensions.map(ledgerOf)];
  const applied = await appliedMigrations(
    url,
    ledgers.map(({ table }) => table),
  );
  const refusals = ledgers.flatMap(({ table, known, refusal }) => {
    const unknown = (applied.get(table) ?? []).filter((name) => !known.includes(name));
    return unknown.length === 0 ? [] : [refusal(unknown.join(', '))];
  });
  if (refusals.length > 0) throw new EnvironmentError(refusals.join('\n'));
}

function coreLedger(): Ledger {
  return {
    table: 'migrations',
    known: migrations.map(({ name }) => name),
    refusal: (unknown) =>
      `DATABASE_URL: a newer release has changed the schema of this database (${unknown}); ` +
      'start that release, or name another database there',
  };
}

function ledgerOf(schema: ExtensionSchema): Ledger {
  return {
    table: migrationsTableOf(schema),
    known: (schema.migrations ?? []).map((Migration) => new Migration().name ?? Migration.name),
    refusal: (unknown) =>
      `DATABASE_URL: a newer release of the extension ${schema.name} has changed its tables (${unknown}); ` +
      'start that release, or name another database there',
  };
}

/** Names of the applied migrations by table, oldest first. */
async function appliedMigrations(url: string, tables: readonly string[]): Promise<Map<string, string[]>> {
  const applied = new Map<string, string[]>();
  const connection = new OwnConnection(url, CONNECT_TIMEOUT_MS);
  // The pending query reports connection errors.
  connection.client.on('error', () => undefined);
  try {
    await connection.client.connect();
    const { rows } = await connection.client.query<{ table: string }>(
      'SELECT name AS table FROM unnest($1::text[]) AS name WHERE to_regclass(quote_ident(name)) IS NOT NULL',
      [tables],
    );
    for (const { table } of rows) {
      const { rows: names } = await connection.client.query<{ name: string }>(
        `SELECT name FROM "${table}" ORDER BY id`,
      );
      applied.set(
        table,
        names.map(({ name }) => name),
      );
    }
  } catch {
    // unavailable
  } finally {
    await connection.close();
  }
  return applied;
}
