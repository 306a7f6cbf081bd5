import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Environment } from '../config/environment.js';

const TICK_MS = 1_000;

/** `EX_SOFTWARE` of sysexits.h: an internal error, after which a supervisor starts the process again. */
export const STALLED_EXIT_CODE = 70;

interface Watched {
  what: string;
  /** Ticks that it may still take. */
  ticksLeft: number;
}

/**
 * Ends a process in which something that must never hang has hung for `STALL_LIMIT_MS`, such as a dispatch round or a
 * commit. Each of these has time limits of its own, so that this happens only where one of them has failed.
 *
 * It counts its own ticks instead of time: a process that was suspended is not stalled.
 */
@Injectable()
export class StallWatchdog implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(StallWatchdog.name);
  private readonly watched = new Set<Watched>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly environment: Environment) {}

  onApplicationBootstrap(): void {
    if (this.environment.STALL_LIMIT_MS === 0) return;
    this.timer = setInterval(() => this.tick(), TICK_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /**
   * Does something that must end.
   *
   * @param what for the log
   * @param allowanceMs milliseconds that it may take on top of `STALL_LIMIT_MS`
   */
  async watch<T>(what: string, action: () => Promise<T>, allowanceMs = 0): Promise<T> {
    const limitMs = this.environment.STALL_LIMIT_MS + allowanceMs;
    const entry: Watched = { what, ticksLeft: Math.ceil(limitMs / TICK_MS) };
    this.watched.add(entry);
    try {
      return await action();
    } finally {
      this.watched.delete(entry);
    }
  }

  private tick(): void {
    for (const entry of this.watched) {
      entry.ticksLeft -= 1;
      if (entry.ticksLeft > 0) continue;
      this.logger.fatal(
        `Process ends because it is stalled in="${entry.what}" limitMs=${this.environment.STALL_LIMIT_MS}`,
      );
      process.exit(STALLED_EXIT_CODE);
    }
  }
}
