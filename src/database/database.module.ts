import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { Environment } from '../config/environment.js';
import { ConnectionRenewal } from './connection-renewal.js';
import { databaseOptions } from './database-options.js';
import { migrate } from './run-migrations.js';
import { Signals } from './signals.js';

/** Connects to PostgreSQL, after migrating the schema if `RUN_MIGRATIONS` is set. */
@Global()
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [Environment],
      useFactory: (environment: Environment) => {
        if (environment.DATABASE_URL === undefined) throw new Error('DATABASE_URL is required');
        return {
          ...databaseOptions({
            url: environment.DATABASE_URL,
            poolSize: environment.DATABASE_POOL,
            timeoutMs: environment.DATABASE_TIMEOUT_MS,
          }),
          autoLoadEntities: true,
          migrateAtStart: environment.RUN_MIGRATIONS ? environment.DATABASE_URL : undefined,
        };
      },
      dataSourceFactory: async (options?: DataSourceOptions & { migrateAtStart?: string | undefined }) => {
        if (options === undefined) throw new Error('Database options are missing');
        if (options.migrateAtStart !== undefined) await migrate(options.migrateAtStart);
        return new DataSource(options).initialize();
      },
    }),
  ],
  providers: [Signals, ConnectionRenewal],
  exports: [Signals, ConnectionRenewal],
})
export class DatabaseModule {}
