import { addAbortListener } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Client } from 'pg';
import { Subject, type Subscription } from 'rxjs';
import type { EntityManager } from 'typeorm';
import { Environment } from '../config/environment.js';
import { OwnConnection } from './own-connection.js';
import { reconnectPauses } from './reconnect-pauses.js';

/** Signals between processes; each is a PostgreSQL channel. */
export const SIGNALS = [
  'items_pending',
  'items_cancelled',
  'deliveries_due',
  'events_due',
  'import_events',
] as const;

export type Signal = (typeof SIGNALS)[number];

const CHANNEL = 'reelport_';
/** Keepalive alone does not detect a lost server, because a proxy may answer it. */
const PING_EVERY_MS = 5_000;
const ANSWER_WITHIN_MS = 5_000;

/**
 * Signals between processes by LISTEN and NOTIFY: sent in a transaction, delivered when it commits. Delivery is best
 * effort, because a disconnected process misses signals; receivers must also poll.
 *
 * @see https://www.postgresql.org/docs/current/sql-notify.html
 */
@Injectable()
export class Signals implements BeforeApplicationShutdown {
  private readonly logger = new Logger(Signals.name);
  private readonly received = new Subject<Signal>();
  private readonly stopping = new AbortController();
  private listening: Promise<void> | undefined;

  constructor(private readonly environment: Environment) {}

  /** Sends a signal when the transaction commits. */
  async send(tx: EntityManager, signal: Signal): Promise<void> {
    await tx.query('SELECT pg_notify($1, $2)', [CHANNEL + signal, '']);
  }

  /**
   * Calls back for every signal of this name, and when some may have been missed. The first call opens the connection, so
   * that processes that listen for nothing have none.
   */
  on(signal: Signal, handler: () => void): Subscription {
    this.listening ??= this.listen();
    return this.received.subscribe((name) => {
      if (name === signal) handler();
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.listening;
  }

  private async listen(): Promise<void> {
    for (let pauses = reconnectPauses(); !this.stopping.signal.aborted;) {
      try {
        await this.connected();
        pauses = reconnectPauses();
      } catch (error) {
        this.logger.debug(`Listening for signals failed: ${String(error)}`);
      }
      await this.pause(pauses.next().value);
    }
  }

  /** Listens until the connection ends, and always closes it. */
  private async connected(): Promise<void> {
    const { DATABASE_URL = '' } = this.environment;
    const connection = new OwnConnection(DATABASE_URL, ANSWER_WITHIN_MS, {
      application_name: 'reelport signals',
    });
    const { client } = connection;
    const ended = new AbortController();
    client.once('end', () => ended.abort());
    client.on('error', () => ended.abort());
    client.on('notification', ({ channel }) => {
      const signal = SIGNALS.find((name) => CHANNEL + name === channel);
      if (signal !== undefined) this.received.next(signal);
    });
    try {
      await unlessAborted(this.stopping.signal, this.subscribe(client));
      const over = AbortSignal.any([ended.signal, this.stopping.signal]);
      while (!over.aborted) {
        await this.pause(PING_EVERY_MS, over);
        if (!over.aborted && !(await unlessAborted(over, takesWrites(client)))) return;
      }
    } finally {
      await connection.close();
    }
  }

  private async subscribe(client: Client): Promise<void> {
    await client.connect();
    await client.query(SIGNALS.map((name) => `LISTEN ${CHANNEL}${name}`).join(';'));
    // Signals may have been missed before.
    for (const name of SIGNALS) this.received.next(name);
  }

  private async pause(ms: number, signal: AbortSignal = this.stopping.signal): Promise<void> {
    await wait(ms, undefined, { signal }).catch(() => undefined); // callers check the signal
  }
}

/** Signals are sent by writing transactions, so none arrive through a demoted server. */
async function takesWrites(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ setting: string }>(
    `SELECT current_setting('transaction_read_only') AS setting`,
  );
  return rows[0]?.setting === 'off';
}

/** Waits for the work, at most until the signal; then ignores its result. */
async function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  let listener: Disposable | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    listener = addAbortListener(signal, () => reject(new Error('The connection is no longer needed')));
  });
  work.catch(() => undefined);
  try {
    return await Promise.race([work, aborted]);
  } finally {
    listener?.[Symbol.dispose]();
  }
}
