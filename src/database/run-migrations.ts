import type { DataSource } from 'typeorm';

/** Any number that nothing else uses; the same in every process. */
const MIGRATIONS_LOCK = 7_333_501;

/** Brings the schema up to date. Several processes may start at once: one does the work, the others wait for it. */
export async function runMigrations(dataSource: DataSource): Promise<void> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.query('SELECT pg_advisory_lock($1)', [MIGRATIONS_LOCK]);
    try {
      await dataSource.runMigrations();
    } finally {
      await runner.query('SELECT pg_advisory_unlock($1)', [MIGRATIONS_LOCK]);
    }
  } finally {
    await runner.release();
  }
}
