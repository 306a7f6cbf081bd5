import { EnvironmentError } from '../config/parse-environment.js';
import { CONNECT_TIMEOUT_MS } from './connection-limits.js';
import { migrations } from './migrations/index.js';
import { OwnConnection } from './own-connection.js';

/**
 * Refuses a database that a newer release has migrated, because this release does not know its schema. An unavailable
 * database passes, because it may still start.
 *
 * @throws EnvironmentError one line with the variable and the required change
 */
export async function assertSchemaIsKnown(url: string): Promise<void> {
  const known = new Set(migrations.map(({ name }) => name));
  const unknown = (await migrationsOf(url)).filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw new EnvironmentError(
    `DATABASE_URL: a newer release has changed the schema of this database (${unknown.join(', ')}); ` +
      'start that release, or name another database there',
  );
}

/** Names of the applied migrations, oldest first. */
async function migrationsOf(url: string): Promise<string[]> {
  const connection = new OwnConnection(url, CONNECT_TIMEOUT_MS);
  // The pending query reports connection errors.
  connection.client.on('error', () => undefined);
  try {
    await connection.client.connect();
    const { rows } = await connection.client.query<{ name: string }>(
      'SELECT name FROM migrations ORDER BY id',
    );
    return rows.map(({ name }) => name);
  } catch {
    return []; // unavailable, or without a schema
  } finally {
    await connection.close();
  }
}
