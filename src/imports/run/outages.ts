import { setMaxListeners } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { reconnectPauses } from '../../database/reconnect-pauses.js';
import { serverTrouble } from '../../database/server-trouble.js';
import { isUnreachable } from '../../database/unreachable-error.js';
import { Lifecycle } from '../../process/lifecycle.js';

/** Immediate repetitions of a statement that was interrupted, in a deadlock for example. */
const AT_ONCE = 3;

/** Lets in-flight work wait out a database outage. */
@Injectable()
export class Outages {
  private readonly logger = new Logger('Database');
  private waiting = 0;
  private since = 0;

  constructor(private readonly lifecycle: Lifecycle) {
    // All in-flight items may wait at once.
    setMaxListeners(0, lifecycle.deadline);
  }

  /**
   * Runs an action, and repeats it during a database outage until the shutdown deadline. Throws any other error.
   *
   * @param what name of the action in the log
   * @param action must be idempotent, because a connection can break after the commit
   */
  async outlast<T>(what: string, action: () => Promise<T>): Promise<T> {
    for (let interruptions = 0; ; interruptions += 1) {
      try {
        return await action();
      } catch (error) {
        if (!isUnreachable(error) || this.lifecycle.deadline.aborted) throw error;
        if (serverTrouble(error) === 'interrupted' && interruptions < AT_ONCE) continue;
        return this.waitOut(what, error, action);
      }
    }
  }

  private async waitOut<T>(what: string, first: unknown, action: () => Promise<T>): Promise<T> {
    const signal = this.lifecycle.deadline;
    this.begin(what, first);
    try {
      for (const pauses = reconnectPauses(); ;) {
        await wait(pauses.next().value, undefined, { signal }).catch(() => undefined); // the next attempt throws the outage's error
        try {
          return await action();
        } catch (error) {
          if (!isUnreachable(error) || signal.aborted) throw error;
        }
      }
    } finally {
      this.end();
    }
  }

  /** Logs an outage once, however many actions wait. */
  private begin(what: string, error: unknown): void {
    if (this.waiting === 0) {
      this.since = performance.now();
      this.logger.warn(`Database is unavailable, in-flight work waits first="${what}": ${String(error)}`);
    }
    this.waiting += 1;
  }

  private end(): void {
    this.waiting -= 1;
    if (this.waiting > 0) return;
    const seconds = Math.round((performance.now() - this.since) / 1_000);
    this.logger.log(`Database is available again after=${seconds}s`);
  }
}
