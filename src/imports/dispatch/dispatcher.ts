import { addAbortListener } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import { Lifecycle } from '../../process/lifecycle.js';
import { OutageLog } from '../../process/outage-log.js';
import { StallWatchdog } from '../../process/stall-watchdog.js';
import { OriginHosts } from '../hosts/origin-hosts.js';
import { ItemRepository } from '../item/item.repository.js';
import type { DispatchedItem } from '../item/item.statements.js';
import { DispatchRepository } from './dispatch.repository.js';
import { JobQueue, type NewJob } from './job-queue.js';
import { KnownLanes } from './known-lanes.js';
import type { Portion } from '../item/lane.js';
import { takeTurns } from './take-turns.js';

/** Minimum interval between rounds: frequent small rounds cost more than briefly idle slots. */
const EVERY_MS = 10;
/** If a queued item has no job after this time, Redis never received the job. */
const QUEUED_LEASE_MS = 5_000;
/** Rounds over which the mean duration is taken. */
const MEAN_OVER = 20;
/** Largest priority of Bull. */
const LAST_PRIORITY = 2_000_000;

/**
 * Moves items from the database into Bull: only a bounded window, so that a backlog of a million costs Redis nothing,
 * and fairly, so that no project waits for the backlog of another. Runs in every worker, one round at a time over all
 * workers.
 */
@Injectable()
export class Dispatcher {
  private hold: string | null = null;
  private meanRoundMs: number | null = null;
  private readonly outages = new OutageLog(new Logger(Dispatcher.name));
  private rounds: Promise<void> | null = null;
  private wanted = false;

  constructor(
    private readonly repository: DispatchRepository,
    private readonly items: ItemRepository,
    private readonly lanes: KnownLanes,
    private readonly hosts: OriginHosts,
    private readonly jobs: JobQueue,
    private readonly environment: Environment,
    private readonly lifecycle: Lifecycle,
    private readonly watchdog: StallWatchdog,
  ) {
    lifecycle.on('stop', 'Finishing the dispatch round', async () => {
      await this.rounds;
    });
  }

  /** Why this process currently dispatches nothing; null if it dispatches. */
  get heldBy(): string | null {
    return this.hold ?? this.jobs.heldBy;
  }

  /** Recent mean duration of a round; null before the first one. */
  get roundMs(): number | null {
    return this.meanRoundMs;
  }

  /** Stops dispatching until {@link resume}. */
  pause(reason: string): void {
    this.hold = reason;
  }

  resume(): void {
    this.hold = null;
    this.wake();
  }

  /** Requests a round because slots may be free. Any number of calls during a round cause one more. */
  wake(): void {
    this.wanted = true;
    if (this.rounds !== null || this.lifecycle.draining.aborted) return;
    this.rounds = this.runRounds().finally(() => {
      this.rounds = null;
      if (this.wanted) this.wake();
    });
  }

  /** Requests a round that also looks for new pending items. */
  wakeForMore(): void {
    this.lanes.forget();
    this.wake();
  }

  private async runRounds(): Promise<void> {
    while (this.wanted && !this.lifecycle.draining.aborted) {
      this.wanted = false;
      const start = performance.now();
      try {
        await this.watchdog.watch('Dispatch round', () => this.dispatch());
        this.outages.works('Dispatch round');
      } catch (error) {
        // The next wake retries.
        this.outages.failed('Dispatch round', error);
      }
      await wait(Math.max(0, start + EVERY_MS - performance.now()));
    }
  }

  private async dispatch(): Promise<void> {
    // The walk continues even if nothing can be dispatched, because it keeps hosts with pending items from expiring.
    const lanes = await this.lanes.current();
    // Items queued while Redis accepts no jobs would have no job.
    if (this.heldBy !== null || lanes.length === 0) return;
    const start = performance.now();
    const jobs = await this.repository.exclusively(async (tx) => {
      const inFlightCounts = await this.repository.countInFlight(tx);
      const hosts = await this.hosts.limits(tx, [...new Set(lanes.map(({ host }) => host))]);
      for (const lane of lanes) {
        const blockedForMs = hosts.blockedForMs(lane.host);
        if (blockedForMs > 0) this.lanes.noteBlocked(lane, blockedForMs);
      }
      const { hostLimit } = hosts;
      const portions = takeTurns({
        window: this.environment.DISPATCH_WINDOW,
        lanes,
        inFlightCounts,
        hostLimit,
      });
      if (portions.length === 0) return [];
      const taken = await this.items.dispatch(tx, portions, QUEUED_LEASE_MS);
      this.notePortions(portions, taken);
      return jobsOf(portions, taken);
    });
    this.noteRound(performance.now() - start);
    // Jobs are added after the commit: an earlier job would find its row not queued yet and do nothing. If this process
    // dies in between, the reconciler requeues the rows without jobs.
    if (jobs.length > 0) await this.unlessStopped(this.jobs.add(jobs));
  }

  /** Updates the exponential moving average. */
  private noteRound(ms: number): void {
    const mean = this.meanRoundMs ?? ms;
    this.meanRoundMs = mean + (ms - mean) / MEAN_OVER;
  }

  /**
   * Stops waiting at shutdown: Bull holds commands while Redis is unavailable, and the reconciler requeues lost jobs.
   */
  private async unlessStopped(command: Promise<unknown>): Promise<void> {
    let listener: Disposable | undefined;
    const stopped = new Promise<void>((resolve) => {
      listener = addAbortListener(this.lifecycle.draining, () => resolve());
    });
    try {
      await Promise.race([command, stopped]);
    } finally {
      listener?.[Symbol.dispose]();
    }
  }

  /** A lane with fewer items than requested is empty; its unused slots go to other lanes in the next round. */
  private notePortions(portions: readonly Portion[], taken: readonly DispatchedItem[]): void {
    const counts = new Map<number, number>();
    for (const { place } of taken) counts.set(place, (counts.get(place) ?? 0) + 1);
    portions.forEach(({ lane, turns }, place) => {
      const isEmpty = (counts.get(place) ?? 0) < turns.length;
      this.lanes.noteServed(lane, isEmpty);
      this.wanted ||= isEmpty;
    });
  }
}

/** Turns set the priority in Bull: the project with the fewest in-flight items comes first there, too. */
function jobsOf(portions: readonly Portion[], taken: readonly DispatchedItem[]): NewJob[] {
  return taken
    .map(({ id, place, rank }) => ({ id, turn: portions[place]?.turns[rank] ?? LAST_PRIORITY }))
    .toSorted((a, b) => a.turn - b.turn)
    .map(({ id, turn }) => ({
      data: { itemId: id },
      opts: { priority: Math.min(turn, LAST_PRIORITY), removeOnComplete: true, removeOnFail: true },
    }));
}
