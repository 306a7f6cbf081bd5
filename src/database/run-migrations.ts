import { DataSource } from 'typeorm';
import { AdvisoryLock } from './advisory-locks.js';
import { databaseOptions } from './database-options.js';

/** Brings the schema up to date, on connections of its own: no time limit cuts a migration, or the wait for another's. */
export async function migrate(url: string): Promise<void> {
  const dataSource = await new DataSource(databaseOptions({ url, poolSize: 2 })).initialize();
  try {
    await runMigrations(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

/** Several processes may start at once: one does the work, the others wait for it. */
async function runMigrations(dataSource: DataSource): Promise<void> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.query('SELECT pg_advisory_lock($1)', [AdvisoryLock.Migrations]);
    try {
      await dataSource.runMigrations();
    } finally {
      await runner.query('SELECT pg_advisory_unlock($1)', [AdvisoryLock.Migrations]);
    }
  } finally {
    await runner.release();
  }
}
