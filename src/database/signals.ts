import { setTimeout as wait } from 'node:timers/promises';
import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Client } from 'pg';
import { Subject, type Subscription } from 'rxjs';
import type { EntityManager } from 'typeorm';
import { Environment } from '../config/environment.js';

/** Everything that processes tell each other; each is a channel of PostgreSQL. */
export const SIGNALS = ['items_pending', 'items_cancelled', 'deliveries_due'] as const;

export type Signal = (typeof SIGNALS)[number];

const CHANNEL = 'reelport_';
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Signals between processes, by LISTEN and NOTIFY: one is sent by the transaction that makes it true, and arrives where
 * that commits. Nobody may depend on it: it is lost on whoever is not connected, so that whoever waits for one looks by
 * the clock as well.
 *
 * @see https://www.postgresql.org/docs/current/sql-notify.html
 */
@Injectable()
export class Signals implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(Signals.name);
  private readonly received = new Subject<Signal>();
  private readonly stopping = new AbortController();
  private client: Client | undefined;
  private listening: Promise<void> | undefined;
  private wanted = false;

  constructor(private readonly environment: Environment) {}

  /** Sends a signal with the commit of the transaction. */
  async send(tx: EntityManager, signal: Signal): Promise<void> {
    await tx.query('SELECT pg_notify($1, $2)', [CHANNEL + signal, '']);
  }

  /** Calls back for every signal of this name; also when some may have been missed. Before the start of the application. */
  on(signal: Signal, handler: () => void): Subscription {
    this.wanted = true;
    return this.received.subscribe((name) => {
      if (name === signal) handler();
    });
  }

  onApplicationBootstrap(): void {
    // Whoever wants signals asks for them in this very phase.
    setImmediate(() => {
      if (this.wanted && !this.stopping.signal.aborted) this.listening = this.listen();
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.client?.end().catch(() => undefined); // it is gone already, then
    await this.listening;
  }

  private async listen(): Promise<void> {
    for (let pause = FIRST_PAUSE_MS; !this.stopping.signal.aborted;) {
      try {
        await this.connected();
        pause = FIRST_PAUSE_MS;
      } catch (error) {
        this.logger.debug(`No signals from the database: ${String(error)}`);
        pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
      }
      await wait(pause, undefined, { signal: this.stopping.signal }).catch(() => undefined); // the loop ends
    }
  }

  /** Resolves when the connection has ended. */
  private async connected(): Promise<void> {
    const client = new Client({
      connectionString: this.environment.DATABASE_URL,
      application_name: 'reelport signals',
      keepAlive: true,
    });
    const ended = new Promise<void>((resolve) => {
      client.once('end', () => resolve());
      client.on('error', () => resolve()); // an end like any other
    });
    client.on('notification', ({ channel }) => {
      const signal = SIGNALS.find((name) => CHANNEL + name === channel);
      if (signal !== undefined) this.received.next(signal);
    });
    this.client = client;
    await client.connect();
    await client.query(SIGNALS.map((name) => `LISTEN ${CHANNEL}${name}`).join(';'));
    // What was sent before is made up for now.
    for (const name of SIGNALS) this.received.next(name);
    await ended;
  }
}
