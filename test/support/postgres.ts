import { Client } from 'pg';

/** Database with the schema of all migrations and no rows, from which each spec file gets its copy. */
export const TEMPLATE = 'reelport_test_template';

/** The same server, another database. */
export function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

/** Runs one statement on a connection of its own. */
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
 * Drops a database whose clients may not all have noticed that they are to end. FORCE would do so, and fails where
 * PostgreSQL has an autovacuum of its own at work there: only PostgreSQL itself may end that, and does.
 */
export async function dropDatabase(admin: string, name: string): Promise<void> {
  await execute(
    admin,
    `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
     WHERE datname = '${name}' AND backend_type = 'client backend'`,
  );
  await execute(admin, `DROP DATABASE IF EXISTS ${name}`);
}
