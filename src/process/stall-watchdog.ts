import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Environment } from '../config/environment.js';

const TICK_MS = 1_000;

/** `EX_SOFTWARE` of sysexits.h: an internal error, after which a supervisor starts the process again. */
export const STALLED_EXIT_CODE = 70;

interface Watched {
  operation: string;
  /** Remaining ticks. */
  ticksLeft: number;
}

/**
 * Ends the process if a critical operation, such as a dispatch round or a commit, hangs for `STALL_LIMIT_MS`. These
 * operations have their own time limits, so this happens only if a limit fails.
 *
 * It counts its own ticks rather than time: a suspended process is not stalled.
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
   * Runs an operation that must end.
   *
   * @param operation name for the log
   * @param allowanceMs additional milliseconds on top of `STALL_LIMIT_MS`
   */
  async watch<T>(operation: string, action: () => Promise<T>, allowanceMs = 0): Promise<T> {
    const limitMs = this.environment.STALL_LIMIT_MS + allowanceMs;
    const entry: Watched = { operation, ticksLeft: Math.ceil(limitMs / TICK_MS) };
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
        `Process exits, operation stalled operation="${entry.operation}" limitMs=${this.environment.STALL_LIMIT_MS}`,
      );
      process.exit(STALLED_EXIT_CODE);
    }
  }
}
