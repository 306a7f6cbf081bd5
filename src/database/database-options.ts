import type { DataSourceOptions } from 'typeorm';
import { migrations } from './migrations/index.js';

export interface DatabaseSettings {
  /** `postgresql://…` */
  url: string;
  /** Connections of this process. */
  poolSize: number;
}

/** What the application and the TypeORM command line have in common. The schema changes by migrations only. */
export function databaseOptions({
  url,
  poolSize,
}: DatabaseSettings): Extract<DataSourceOptions, { type: 'postgres' }> {
  return {
    type: 'postgres',
    url,
    poolSize,
    applicationName: 'reelport',
    connectTimeoutMS: 5_000,
    synchronize: false,
    migrations,
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
    // Timestamps leave the database as text or as Date: neither may depend on the zone of a server.
    extra: { options: '-c timezone=UTC' },
    logging: ['warn'],
  };
}
