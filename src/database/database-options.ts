import type { DataSourceOptions } from 'typeorm';
import { migrations } from './migrations/index.js';
import { PreparingClient } from './preparing-client.js';

export interface DatabaseSettings {
  /** `postgresql://…` */
  url: string;
  /** Connections of this process. */
  poolSize: number;
}

/**
 * Every statement of ours finds its rows by an index, one after the other. PostgreSQL would find that out from its
 * statistics, but these are a minute late: a statement that was planned while a table was nearly empty would read all of
 * it when it has grown. Of the dead rows in an index of what is under way, only a plain scan of it rids us.
 */
const PLANS = ['jit', 'enable_seqscan', 'enable_bitmapscan', 'enable_hashjoin', 'enable_mergejoin'];

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
    extra: {
      // Timestamps leave the database as text or as Date: neither may depend on the zone of a server.
      options: ['timezone=UTC', ...PLANS.map((name) => `${name}=off`)].map((set) => `-c ${set}`).join(' '),
      Client: PreparingClient,
    },
    logging: ['warn'],
  };
}
