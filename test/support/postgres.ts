import { Client } from 'pg';

/** Empty database with the current schema, the template of the databases of spec files. */
export const TEMPLATE = 'reelport_test_template';

/** URL of another database on the same server. */
export function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

/** Runs one statement on a new connection. */
export async function execute(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/**
 * Drops a database after terminating its clients. FORCE fails while an autovacuum worker of PostgreSQL is connected;
 * DROP DATABASE without it terminates that worker.
 */
export async function dropDatabase(admin: string, name: string): Promise<void> {
  await execute(
    admin,
    `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
     WHERE datname = '${name}' AND backend_type = 'client backend'`,
  );
  await execute(admin, `DROP DATABASE IF EXISTS ${name}`);
}
