import { DataSource } from 'typeorm';
import { AdvisoryLock } from './advisory-locks.js';
import { databaseOptions } from './database-options.js';

/** Migrates the schema on separate connections, with no time limit on migrations or on waiting for another process. */
export async function migrate(url: string): Promise<void> {
  const dataSource = await new DataSource(databaseOptions({ url, poolSize: 2 })).initialize();
  try {
    await runMigrations(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

/** If several processes start at once, one migrates and the others wait for it. */
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
