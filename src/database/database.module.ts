import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { Environment } from '../config/environment.js';
import { ConnectionRenewal } from './connection-renewal.js';
import { databaseOptions } from './database-options.js';
import { ExtensionSchemas } from './schema/extension-schemas.js';
import { assertTablesExist } from './schema/missing-tables.js';
import { assertMigrated, migrate } from './schema/run-migrations.js';
import { EnvironmentError } from '../config/parse-environment.js';
import { Signals } from './signals.js';

/** What the factories of TypeOrmModule hand to each other. */
type Options = DataSourceOptions & { url: string; runMigrations: boolean; schemas: ExtensionSchemas };

/**
 * Connects to PostgreSQL, after migrating the schema if `RUN_MIGRATIONS` is set, otherwise after checking that nothing
 * is pending.
 */
@Global()
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [Environment, { token: ExtensionSchemas, optional: true }],
      useFactory: (environment: Environment, schemas = new ExtensionSchemas([])) => {
        if (environment.DATABASE_URL === undefined) throw new Error('DATABASE_URL is required');
        return {
          ...databaseOptions({
            url: environment.DATABASE_URL,
            poolSize: environment.DATABASE_POOL,
            timeoutMs: environment.DATABASE_TIMEOUT_MS,
          }),
          entities: schemas.list.flatMap(({ entities = [] }) => entities),
          autoLoadEntities: true,
          // Waiting helps against an unavailable database only.
          toRetry: (error: unknown) => !(error instanceof EnvironmentError),
          runMigrations: environment.RUN_MIGRATIONS,
          schemas,
        };
      },
      dataSourceFactory: async (options?: DataSourceOptions) => {
        if (!isOwn(options)) throw new Error('Database options are missing');
        const { url, runMigrations, schemas } = options;
        await (runMigrations ? migrate(url, schemas.list) : assertMigrated(url, schemas.list));
        const dataSource = await new DataSource(options).initialize();
        try {
          await assertTablesExist(dataSource, schemas.list);
        } catch (error) {
          await dataSource.destroy();
          throw error;
        }
        return dataSource;
      },
    }),
  ],
  providers: [Signals, ConnectionRenewal],
  exports: [Signals, ConnectionRenewal],
})
export class DatabaseModule {}

function isOwn(options: DataSourceOptions | undefined): options is Options {
  return options !== undefined && 'schemas' in options;
}
