import type { ClientBase } from 'pg';
import type { DataSourceOptions } from 'typeorm';
import { CONNECT_TIMEOUT_MS, connectionLimits } from './connection-limits.js';
import { migrations } from './migrations/index.js';

export interface DatabaseSettings {
  /** `postgresql://…` */
  url: string;
  /** Maximum connections of this process. */
  poolSize: number;
  /** Time limit of a statement, in milliseconds. Default: none, for migrations and tools. */
  timeoutMs?: number;
}

/** Options shared by the application and the TypeORM command line. Only migrations change the schema. */
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
      // Not as `options` in the startup packet, which PgBouncer rejects.
      onConnect: (client: ClientBase) => client.query(sessionSettings(timeoutMs)),
    },
    // Every idle connection would report the same outage; callers of the database log it once.
    poolErrorHandler: () => undefined,
    logging: ['warn'],
  };
}

/** One statement that overrides the session settings of the server or a pooler. */
function sessionSettings(timeoutMs: number | undefined): string {
  const settings = {
    // Timestamps are read as text or as Date; neither may depend on the server's time zone.
    timezone: 'UTC',
    ...serverLimits(timeoutMs),
  };
  const calls = Object.entries(settings).map(([name, value]) => `set_config('${name}', '${value}', false)`);
  return `SELECT ${calls.join(', ')}`;
}

/**
 * Limits enforced by the server: it cancels a statement before the client closes the connection, and releases the locks
 * of a process that is suspended in a transaction or has vanished.
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
