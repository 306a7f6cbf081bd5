import { EnvironmentError } from '../config/load-environment.js';
import { CONNECT_TIMEOUT_MS } from './connection-limits.js';
import { migrations } from './migrations/index.js';
import { OwnConnection } from './own-connection.js';

/**
 * Refuses a database that a newer release has migrated: this one would not know what its columns mean. One that cannot
 * be asked may still come up, and is no fault here.
 *
 * @throws EnvironmentError one line that names the variable and says what to change
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

/** Names of the migrations that a database has had, oldest first. */
async function migrationsOf(url: string): Promise<string[]> {
  const connection = new OwnConnection(url, CONNECT_TIMEOUT_MS);
  // What breaks is told by the query that waits for it.
  connection.client.on('error', () => undefined);
  try {
    await connection.client.connect();
    const { rows } = await connection.client.query<{ name: string }>(
      'SELECT name FROM migrations ORDER BY id',
    );
    return rows.map(({ name }) => name);
  } catch {
    return []; // it is unavailable, or has no schema yet
  } finally {
    await connection.close();
  }
}
