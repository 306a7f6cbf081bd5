import { setMaxListeners } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { serverTrouble } from '../../database/server-trouble.js';
import { isUnreachable } from '../../http/unreachable-error.js';
import { Lifecycle } from '../../process/lifecycle.js';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** A statement that lost against another one, in a deadlock for example, may run again at once; not for ever, though. */
const AT_ONCE = 3;

/** Lets work under way outlast an outage of the database. */
@Injectable()
export class Outages {
  private readonly logger = new Logger('Database');
  private waiting = 0;
  private since = 0;

  constructor(private readonly lifecycle: Lifecycle) {
    // Everything in flight may wait at once.
    setMaxListeners(0, lifecycle.deadline);
  }

  /**
   * Does something that needs the database, however long that is unavailable, until the deadline of the shutdown. Only
   * an outage is waited out; any other error is the caller's.
   *
   * @param what the subject of a sentence in the log
   * @param action must bear being done twice: a connection can break after the commit
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
      for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
        await wait(pause, undefined, { signal }).catch(() => undefined); // the next turn throws what the outage throws
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

  /** However much waits for the database, its outage is told once. */
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
    this.logger.log(`Work no longer waits for the database after=${seconds}s`);
  }
}
