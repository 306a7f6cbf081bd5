import { setTimeout as wait } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { isUnreachable } from '../../http/unreachable-error.js';
import { Lifecycle } from '../../process/lifecycle.js';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/** Lets work under way outlast an outage of the database. */
@Injectable()
export class Outages {
  private readonly logger = new Logger(Outages.name);

  constructor(private readonly lifecycle: Lifecycle) {}

  /**
   * Does something that needs the database, however long that is unavailable, until the deadline of the shutdown. Only
   * an outage is waited out; any other error is the caller's.
   *
   * @param what the subject of a sentence in the log
   * @param action must bear being done twice: a connection can break after the commit
   */
  async outlast<T>(what: string, action: () => Promise<T>): Promise<T> {
    const signal = this.lifecycle.deadline;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      try {
        return await action();
      } catch (error) {
        if (!isUnreachable(error) || signal.aborted) throw error;
        if (pause === FIRST_PAUSE_MS) this.logger.warn(`${what} waits for the database: ${String(error)}`);
        await wait(pause, undefined, { signal }).catch(() => undefined); // the next turn throws what the outage throws
      }
    }
  }
}
