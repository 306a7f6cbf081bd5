import { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { Client, type ClientConfig } from 'pg';
import { connectionLimits } from './connection-limits.js';

/** How long a server may take over a farewell. */
const FAREWELL_MS = 1_000;

/** A connection outside of the pool, which closes within a second whatever the server does. */
export class OwnConnection {
  readonly client: Client;
  private readonly socket = new Socket();

  /** @param answerMs how long the server may take over any statement */
  constructor(url: string, answerMs: number, config: ClientConfig = {}) {
    this.client = new Client({
      connectionString: url,
      ...connectionLimits(),
      query_timeout: answerMs,
      stream: () => this.socket,
      ...config,
    });
  }

  async close(): Promise<void> {
    // pg waits for the server's end of the connection, which a silent network never brings.
    const farewell = this.client.end().catch(() => undefined); // it is gone already, then
    const patience = new AbortController();
    await Promise.race([farewell, wait(FAREWELL_MS, undefined, patience).catch(() => undefined)]);
    patience.abort();
    this.socket.destroy();
  }
}
