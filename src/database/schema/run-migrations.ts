import { DataSource, MigrationExecutor } from 'typeorm';
import { EnvironmentError } from '../../config/parse-environment.js';
import { AdvisoryLock } from '../advisory-locks.js';
import { databaseOptions } from '../database-options.js';
import { containedMigration } from './contained-migration.js';
import { type ExtensionSchema, migrationsTableOf } from './extension-schemas.js';

/** Names the migrations of Reelport itself. */
export const CORE = 'reelport';

/**
 * Migrates the schema of Reelport, then that of each extension, on separate connections, with no time limit on
 * migrations or on waiting for another process.
 *
 * @throws ExtensionError naming the extension and the migration that fails
 */
export async function migrate(url: string, extensions: readonly ExtensionSchema[] = []): Promise<void> {
  await exclusively(url, async (core) => {
    await core.runMigrations();
    for (const schema of extensions) {
      if (hasMigrations(schema)) await withExtension(url, schema, (own) => own.runMigrations());
    }
  });
}

/** Reverts all migrations of an extension, newest first, and removes their list. @returns how many there were */
export function revertMigrations(url: string, schema: ExtensionSchema): Promise<number> {
  return exclusively(url, () =>
    withExtension(url, schema, async (own) => {
      const applied = await new MigrationExecutor(own).getExecutedMigrations();
      for (let left = applied.length; left > 0; left -= 1) await own.undoLastMigration();
      await own.query(`DROP TABLE IF EXISTS "${migrationsTableOf(schema)}"`);
      return applied.length;
    }),
  );
}

/** Names of the migrations that have not been applied, such as `reports: CreateReports1795800000002`. */
export async function pendingMigrations(
  url: string,
  extensions: readonly ExtensionSchema[] = [],
): Promise<string[]> {
  const pending = await withDataSource(new DataSource(databaseOptions({ url, poolSize: 2 })), (core) =>
    pendingOf(CORE, core),
  );
  for (const schema of extensions.filter(hasMigrations)) {
    pending.push(...(await withExtension(url, schema, (own) => pendingOf(schema.name, own))));
  }
  return pending;
}

/** @throws EnvironmentError listing the migrations that have not been applied */
export async function assertMigrated(url: string, extensions: readonly ExtensionSchema[]): Promise<void> {
  const pending = await pendingMigrations(url, extensions);
  if (pending.length === 0) return;
  throw new EnvironmentError(
    `The database has pending migrations; apply them with the command migrate, or set RUN_MIGRATIONS=true:\n${pending
      .map((line) => `  ${line}`)
      .join('\n')}`,
  );
}

/** A connection with the migrations of one extension, and with its entities if they are wanted. */
export async function withExtension<T>(
  url: string,
  schema: ExtensionSchema,
  work: (dataSource: DataSource) => Promise<T>,
  { entities = false } = {},
): Promise<T> {
  const { migrations = [] } = schema;
  const dataSource = new DataSource({
    ...databaseOptions({ url, poolSize: 2 }),
    // TypeORM would print every failure; the start reports it.
    logger: 'debug',
    migrations: migrations.map((Migration) => containedMigration(schema, Migration)),
    migrationsTableName: migrationsTableOf(schema),
    entities: entities ? [...(schema.entities ?? [])] : [],
  });
  return withDataSource(dataSource, work);
}

/** Connects for the duration of the work. */
export async function withDataSource<T>(
  dataSource: DataSource,
  work: (dataSource: DataSource) => Promise<T>,
): Promise<T> {
  await dataSource.initialize();
  try {
    return await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

/** If several processes start at once, one migrates and the others wait for it. */
function exclusively<T>(url: string, work: (core: DataSource) => Promise<T>): Promise<T> {
  return withDataSource(new DataSource(databaseOptions({ url, poolSize: 2 })), async (core) => {
    const runner = core.createQueryRunner();
    try {
      await runner.query('SELECT pg_advisory_lock($1)', [AdvisoryLock.Migrations]);
      try {
        return await work(core);
      } finally {
        await runner.query('SELECT pg_advisory_unlock($1)', [AdvisoryLock.Migrations]);
      }
    } finally {
      await runner.release();
    }
  });
}

async function pendingOf(owner: string, dataSource: DataSource): Promise<string[]> {
  const pending = await new MigrationExecutor(dataSource).getPendingMigrations();
  return pending.map(({ name }) => `${owner}: ${name}`);
}

function hasMigrations({ migrations = [] }: ExtensionSchema): boolean {
  return migrations.length > 0;
}
