import { addAbortListener } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import { Lifecycle } from '../../process/lifecycle.js';
import { OutageLog } from '../../process/outage-log.js';
import { StallWatchdog } from '../../process/stall-watchdog.js';
import { OriginHosts } from '../hosts/origin-hosts.js';
import type { ImportKind } from '../import-kind.js';
import { ImportKinds } from '../import-kinds.js';
import { ItemRepository } from '../item/item.repository.js';
import type { DispatchedItem } from '../item/item.statements.js';
import { DispatchRepository } from './dispatch.repository.js';
import { JobQueue, type NewJob } from './job-queue.js';
import { KnownLanes } from './known-lanes.js';
import type { Portion } from '../item/lane.js';
import { takeTurns } from './take-turns.js';

/** From one round to the next at least; many small ones cost more than the places that stay free meanwhile. */
const EVERY_MS = 10;
/** A queued item that has no job behind it after this time has been lost on the way to Redis. */
const QUEUED_LEASE_MS = 5_000;
/** Rounds that the mean of their time is about. */
const MEAN_OVER = 20;
/** Bull takes no larger priority. */
const LAST_PRIORITY = 2_000_000;

/**
 * Moves items from the database into Bull: few enough that a backlog of a million costs Redis nothing, and in turns,
 * so that nobody waits for somebody else's backlog. Runs in every worker, one round at a time over all of them.
 */
@Injectable()
export class Dispatcher {
  private hold: string | null = null;
  private meanRoundMs: number | null = null;
  private readonly outages = new OutageLog(new Logger(Dispatcher.name));
  private rounds: Promise<void> | null = null;
  private wanted = false;

  constructor(
    private readonly kinds: ImportKinds,
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

  /** Why this process dispatches nothing at the moment; null where it does. */
  get heldBy(): string | null {
    return this.hold ?? this.jobs.heldBy;
  }

  /** Recent mean duration of a round; null before the first one. */
  get roundMs(): number | null {
    return this.meanRoundMs;
  }

  /** Dispatches nothing until {@link resume}. */
  pause(reason: string): void {
    this.hold = reason;
  }

  resume(): void {
    this.hold = null;
    this.wake();
  }

  /** Places may have become free: asks for a round soon; any number of calls during a round make one more. */
  wake(): void {
    this.wanted = true;
    if (this.rounds !== null || this.lifecycle.draining.aborted) return;
    this.rounds = this.runRounds().finally(() => {
      this.rounds = null;
      if (this.wanted) this.wake();
    });
  }

  /** Items have become pending. */
  wakeForMore(): void {
    this.lanes.forget();
    this.wake();
  }

  private async runRounds(): Promise<void> {
    while (this.wanted && !this.lifecycle.draining.aborted) {
      this.wanted = false;
      const start = performance.now();
      try {
        await this.watchdog.watch('Dispatch round', () => this.dispatchAll());
        this.outages.works('Dispatch round');
      } catch (error) {
        // The next wake tries again.
        this.outages.failed('Dispatch round', error);
      }
      await wait(Math.max(0, start + EVERY_MS - performance.now()));
    }
  }

  private async dispatchAll(): Promise<void> {
    for (const kind of this.kinds.all()) await this.dispatch(kind);
  }

  private async dispatch(kind: ImportKind): Promise<void> {
    // The walk goes on while nothing can be dispatched: hosts with pending items must not be forgotten.
    const lanes = await this.lanes.of(kind.name);
    // What is queued while Redis takes nothing would have no job behind it.
    if (this.heldBy !== null || lanes.length === 0) return;
    const start = performance.now();
    const jobs = await this.repository.exclusively(kind.name, async (tx) => {
      const inFlightCounts = await this.repository.countInFlight(tx, kind.name);
      const hosts = await this.hosts.limits(tx, [...new Set(lanes.map(({ host }) => host))]);
      for (const lane of lanes) {
        const blockedForMs = hosts.blockedForMs(lane.host);
        if (blockedForMs > 0) this.lanes.noteBlocked(kind.name, lane, blockedForMs);
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
      this.notePortions(kind.name, portions, taken);
      return jobsOf(portions, taken);
    });
    this.noteRound(performance.now() - start);
    // After the commit: a job that came first would find its row not queued yet and be over. If this process dies in
    // between, the reconciler finds rows without jobs.
    if (jobs.length > 0) await this.unlessStopped(this.jobs.add(kind, jobs));
  }

  /** A mean in which older rounds count less and less. */
  private noteRound(ms: number): void {
    const mean = this.meanRoundMs ?? ms;
    this.meanRoundMs = mean + (ms - mean) / MEAN_OVER;
  }

  /** While Redis is away Bull holds on to a command for long; what has not arrived then is found without a job. */
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

  /** A lane that gave less than it could is empty; its places go to others in the next round. */
  private notePortions(kind: string, portions: readonly Portion[], taken: readonly DispatchedItem[]): void {
    const counts = new Map<number, number>();
    for (const { place } of taken) counts.set(place, (counts.get(place) ?? 0) + 1);
    portions.forEach(({ lane, turns }, place) => {
      const isEmpty = (counts.get(place) ?? 0) < turns.length;
      this.lanes.noteServed(kind, lane, isEmpty);
      this.wanted ||= isEmpty;
    });
  }
}

/** The project with the fewest items under way comes first in Bull, too, whatever waits there already. */
function jobsOf(portions: readonly Portion[], taken: readonly DispatchedItem[]): NewJob[] {
  return taken
    .map(({ id, place, rank }) => ({ id, turn: portions[place]?.turns[rank] ?? LAST_PRIORITY }))
    .toSorted((a, b) => a.turn - b.turn)
    .map(({ id, turn }) => ({
      data: { itemId: id },
      opts: { priority: Math.min(turn, LAST_PRIORITY), removeOnComplete: true, removeOnFail: true },
    }));
}
