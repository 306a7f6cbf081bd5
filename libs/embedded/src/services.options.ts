/** Options of the embedded services. */
export interface ServicesOptions {
  /** Folder for all persistent data; created if missing. */
  dataDir: string;
  /** Required services; a missing property means true. `{ redis: false }` starts only the database. */
  need?: { database?: boolean; redis?: boolean };
  /**
   * `false` for throwaway test data: PostgreSQL does not wait for the disk, and `stop()` removes the database. A
   * database that was created as durable stays durable. Default: `true`.
   */
  durable?: boolean;
  /** Fixed addresses, for clients that reconnect after a restart. Default: new addresses at each start. */
  addresses?: ServiceAddresses;
  /**
   * Restarts a service at the same address if it ends without `stop()`. Default: it stays down, which is reported to
   * `log`.
   */
  restart?: boolean;
  /**
   * Called when a service is permanently down: it ended without a restart, or the restarts failed. Other services keep
   * running until `stop()`.
   */
  onFailed?: (error: Error) => void;
  /** Receives one-line notices for the user. Default: none. */
  log?: (line: string) => void;
}

/** Fixed addresses; a missing one is chosen freely. */
export interface ServiceAddresses {
  /** Port of PostgreSQL on 127.0.0.1; must be free. */
  databasePort?: number;
  /** Absolute path of the Redis socket, at most 103 bytes, in an existing folder. An existing file is replaced. */
  redisSocket?: string;
}

/** The requested services. */
export interface SomeServices {
  /** `postgresql://…` with a database named reelport and a role that owns it and may create databases. */
  databaseUrl?: string;
  /** URL for Bull and ioredis; it leads to a unix socket. */
  redisUrl?: string;
  /** Stops the services that were started for the caller, and waits for their end. May be called repeatedly. */
  stop(): Promise<void>;
}

/** Both services. */
export interface Services extends SomeServices {
  databaseUrl: string;
  redisUrl: string;
}
