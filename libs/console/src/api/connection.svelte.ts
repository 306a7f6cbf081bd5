/** Whether the server can be reached, for the shell; every call reports here. */
class Connection {
  /** Undefined while it can be reached; else when the first call failed, in milliseconds since the epoch. */
  lostAt = $state<number>();
  /** Whether events arrive as they happen; else pages ask again from time to time. */
  live = $state(false);

  worked(): void {
    this.lostAt = undefined;
  }

  failed(): void {
    this.lostAt ??= Date.now();
  }
}

export const connection = new Connection();
