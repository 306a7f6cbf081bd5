/** What is wanted, and where it lives. */
export interface ServicesOptions {
  /** Folder that holds everything persistent; made where it is missing. */
  dataDir: string;
  /** What is not said is needed: `{ redis: false }` asks for the database alone. */
  need?: { database?: boolean; redis?: boolean };
  /**
   * `false` for throwaway test data: PostgreSQL does not wait for the disk, and `stop()` removes the database.
   * One that was made durable stays so. Default `true`.
   */
  durable?: boolean;
  /** Where they are to be found again after a restart. Default: wherever there is room, another place at each start. */
  addresses?: ServiceAddresses;
  /**
   * Starts a service again, at the same address, that ends without having been stopped. Default: it stays down, and
   * `log` is told.
   */
  restart?: boolean;
  /**
   * Called when a service is down for good: it ended, and is not started again or does not stay up. Other services
   * still run; `stop()` ends them.
   */
  onFailed?: (error: Error) => void;
  /** Gets one-line notices for the person in front of the screen. Default: nobody is told. */
  log?: (line: string) => void;
}

/** Fixed addresses; what is left out is anywhere. */
export interface ServiceAddresses {
  /** Port of PostgreSQL on 127.0.0.1, which has to be free. */
  databasePort?: number;
  /** Absolute path of the socket of Redis, at most 103 bytes, in a folder that is there. What is there is replaced. */
  redisSocket?: string;
}

/** Services that can be reached, of those that were asked for. */
export interface SomeServices {
  /** `postgresql://…` of a database named reelport and a role that owns it and may create more. */
  databaseUrl?: string;
  /** A URL that Bull and ioredis take as it is; it leads to a unix socket. */
  redisUrl?: string;
  /** Ends what was started for the caller and waits for it; may be called again. */
  stop(): Promise<void>;
}

/** Both services. */
export interface Services extends SomeServices {
  databaseUrl: string;
  redisUrl: string;
}
