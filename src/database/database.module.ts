import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { Environment } from '../config/environment.js';
import { databaseOptions } from './database-options.js';
import { runMigrations } from './run-migrations.js';
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
          ...databaseOptions({ url: environment.DATABASE_URL, poolSize: environment.DATABASE_POOL }),
          autoLoadEntities: true,
          runMigrationsAtStart: environment.RUN_MIGRATIONS,
        };
      },
      dataSourceFactory: async (options?: DataSourceOptions & { runMigrationsAtStart?: boolean }) => {
        if (options === undefined) throw new Error('The database has no options');
        const dataSource = await new DataSource(options).initialize();
        if (options.runMigrationsAtStart === true) await runMigrations(dataSource);
        return dataSource;
      },
    }),
  ],
  providers: [Signals],
  exports: [Signals],
})
export class DatabaseModule {}
