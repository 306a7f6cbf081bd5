import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { Environment } from '../config/environment.js';
import { ConnectionRenewal } from './connection-renewal.js';
import { databaseOptions } from './database-options.js';
import { migrate } from './run-migrations.js';
import { Signals } from './signals.js';

/** The connection to PostgreSQL, with the schema up to date before anything asks for it. */
@Global()
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [Environment],
      useFactory: (environment: Environment) => {
        if (environment.DATABASE_URL === undefined) throw new Error('DATABASE_URL must be given');
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
        if (options === undefined) throw new Error('The database has no options');
        if (options.migrateAtStart !== undefined) await migrate(options.migrateAtStart);
        return new DataSource(options).initialize();
      },
    }),
  ],
  providers: [Signals, ConnectionRenewal],
  exports: [Signals, ConnectionRenewal],
})
export class DatabaseModule {}
