import type { ClientBase } from 'pg';
import type { DataSourceOptions } from 'typeorm';
import { CONNECT_TIMEOUT_MS, connectionLimits } from './connection-limits.js';
import { migrations } from './migrations/index.js';

export interface DatabaseSettings {
  /** `postgresql://…` */
  url: string;
  /** Connections of this process. */
  poolSize: number;
  /** How long a statement may take, in milliseconds. Default: no limit, for migrations and tools. */
  timeoutMs?: number;
}

/** What the application and the TypeORM command line have in common. The schema changes by migrations only. */
export function databaseOptions({
  url,
  poolSize,
  timeoutMs,
}: DatabaseSettings): Extract<DataSourceOptions, { type: 'postgres' }> {
  return {
    type: 'postgres',
    url,
    poolSize,
    applicationName: 'reelport',
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    synchronize: false,
    migrations,
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
    extra: {
      ...connectionLimits(timeoutMs),
      // Not in the startup packet, as `options`: PgBouncer refuses that.
      onConnect: (client: ClientBase) => client.query(sessionSettings(timeoutMs)),
    },
    // Each idle connection of the pool reports an outage of its own: whoever needs the database tells of it once.
    poolErrorHandler: () => undefined,
    logging: ['warn'],
  };
}

/** One statement that makes a session ours, whatever the server or a pooler has set. */
function sessionSettings(timeoutMs: number | undefined): string {
  const settings = {
    // Timestamps leave the database as text or as Date: neither may depend on the zone of a server.
    timezone: 'UTC',
    ...serverLimits(timeoutMs),
  };
  const calls = Object.entries(settings).map(([name, value]) => `set_config('${name}', '${value}', false)`);
  return `SELECT ${calls.join(', ')}`;
}

/**
 * What the server holds us to: it cancels a statement before we give up its connection, and frees the locks of a
 * process that is suspended in a transaction or has vanished.
 */
function serverLimits(timeoutMs: number | undefined): Record<string, number> {
  return {
    tcp_keepalives_idle: 10,
    tcp_keepalives_interval: 5,
    tcp_keepalives_count: 3,
    ...(timeoutMs !== undefined && {
      statement_timeout: timeoutMs,
      idle_in_transaction_session_timeout: timeoutMs,
    }),
  };
}
