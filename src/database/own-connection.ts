import { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { Client, type ClientConfig } from 'pg';
import { connectionLimits } from './connection-limits.js';

/** Time limit for a clean disconnect. */
const CLOSE_MS = 1_000;

/** A connection outside of the pool that closes within a second, even if the server is unresponsive. */
export class OwnConnection {
  readonly client: Client;
  private readonly socket = new Socket();

  /** @param answerMs time limit of each statement, in milliseconds */
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
    // pg waits until the server closes the connection, which never happens on an unresponsive network.
    const closed = this.client.end().catch(() => undefined); // an error here means that it is closed
    const patience = new AbortController();
    await Promise.race([closed, wait(CLOSE_MS, undefined, patience).catch(() => undefined)]);
    patience.abort();
    this.socket.destroy();
  }
}
