import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '@nestjs/common';
import type { Signal, Signals } from '../database/signals.js';
import { isUnreachable } from '../database/unreachable-error.js';
import { stackWithCauses } from '../http/error-stack.js';
import { InFlightWork } from './in-flight-work.js';
import type { Lifecycle } from './lifecycle.js';
import { OutageLog } from './outage-log.js';
import type { PeriodicTasks } from './periodic-tasks.js';
import type { StallWatchdog } from './stall-watchdog.js';

/** Milliseconds for which due work can go unnoticed without a signal. */
const POLL_MS = 1_000;

/** How one kind of work is claimed and done. */
export interface WorkSource<Work> {
  /** Unique in the process; subject of its log lines, such as "Webhook delivery". */
  readonly name: string;
  /** Wakes the loop. */
  readonly wokenBy: Signal;
  /**
   * Claims due work by leases.
   *
   * @param inFlight attempts in flight by key
   * @returns nothing if there is none or no slot is free
   */
  claim(inFlight: ReadonlyMap<string, number>): Promise<Work[]>;
  /** What shares slots, such as the host of the receiver. */
  keyOf(work: Work): string;
  /** For the log. */
  idOf(work: Work): string;
  /**
   * Makes one attempt and records its outcome. If it rejects, the work is due again when its lease expires.
   *
   * @param signal aborts at the end of the grace period: the work should be due again at once
   */
  attempt(work: Work, signal: AbortSignal): Promise<void>;
}

/** What a loop needs of its process. */
export interface WorkSurroundings {
  signals: Signals;
  lifecycle: Lifecycle;
  tasks: PeriodicTasks;
  watchdog: StallWatchdog;
  logger: Logger;
}

/** Claims work in rounds that never overlap, when it is woken and once a second, and runs the attempts. */
export class ClaimedWork<Work> {
  private readonly outages: OutageLog;
  private readonly inFlight = new InFlightWork();
  private looking: Promise<void> | null = null;
  private wanted = false;

  constructor(
    private readonly source: WorkSource<Work>,
    private readonly surroundings: WorkSurroundings,
  ) {
    this.outages = new OutageLog(surroundings.logger);
  }

  /** Starts the loop, and registers its shutdown. */
  start(): void {
    const { name, wokenBy } = this.source;
    const { signals, lifecycle, tasks } = this.surroundings;
    const subscription = signals.on(wokenBy, () => this.look());
    lifecycle.on('stop', `${name}: stop claiming`, async () => {
      subscription.unsubscribe();
      await this.looking;
    });
    // Attempts aborted at the deadline are due again at once.
    lifecycle.on('drain', `${name}: finish attempts in flight`, async () => {
      await this.looking;
      await this.inFlight.drain(lifecycle.deadline);
    });
    tasks.start({ name, everyMs: POLL_MS, run: () => this.look() });
    this.look();
  }

  /**
   * Records an outcome. Outlasts a short database outage, so that work which was done is not done again.
   *
   * @param leasedUntil end of the lease on the clock of `performance`
   * @throws the error of `record`
   */
  async persist(record: () => Promise<void>, leasedUntil: number, signal: AbortSignal): Promise<void> {
    for (;;) {
      try {
        return await record();
      } catch (error) {
        if (!isUnreachable(error) || signal.aborted || performance.now() > leasedUntil) throw error;
        this.outages.failed(this.source.name, error);
        await wait(POLL_MS, undefined, { signal });
      }
    }
  }

  /** Any number of calls during a round cause one more round. */
  private look(): void {
    this.wanted = true;
    if (this.surroundings.lifecycle.draining.aborted || this.looking !== null) return;
    this.looking = this.takeAll().finally(() => {
      this.looking = null;
      if (this.wanted) this.look();
    });
  }

  private async takeAll(): Promise<void> {
    const { lifecycle, watchdog } = this.surroundings;
    const { name } = this.source;
    try {
      while (this.wanted && !lifecycle.draining.aborted) {
        this.wanted = false;
        if ((await watchdog.watch(name, () => this.take())) > 0) this.wanted = true;
      }
      this.outages.works(name);
    } catch (error) {
      // The next round retries.
      this.wanted = false;
      this.outages.failed(name, error);
    }
  }

  private async take(): Promise<number> {
    const claimed = await this.source.claim(this.inFlight.byKey());
    for (const work of claimed) {
      const attempt = (signal: AbortSignal): Promise<void> => this.attemptSafely(work, signal);
      // A finished attempt frees a slot and starts another round.
      this.inFlight.run(this.source.keyOf(work), attempt, () => this.look());
    }
    return claimed.length;
  }

  private async attemptSafely(work: Work, signal: AbortSignal): Promise<void> {
    try {
      await this.source.attempt(work, signal);
    } catch (error) {
      // Nothing is lost: the work is due again when its lease expires.
      const { name } = this.source;
      if (isUnreachable(error)) this.outages.failed(name, error);
      else
        this.surroundings.logger.error(
          `${name} failed, retrying delivery=${this.source.idOf(work)}`,
          stackWithCauses(error),
        );
    }
  }
}
