import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Subscription } from 'rxjs';
import { Environment } from '../../config/environment.js';
import { Signals } from '../../database/signals.js';
import { Dispatcher } from '../dispatch/dispatcher.js';
import { Claims } from './claims.js';
import { DiskWatch } from './disk-watch.js';
import { Heartbeat } from './heartbeat.js';
import { HousekeepingRepository } from './housekeeping.repository.js';
import { Reconciler } from './reconciler.js';
import { RedisWatch } from './redis-watch.js';
import { WorkUnderWay } from './work-under-way.js';

const LOOK_EVERY_MS = 1_000;
const RECONCILE_EVERY_MS = 5_000;
const FORGET_EVERY_MS = 3_600_000;

/** What a worker does by the clock, and when it is told that something has happened. */
@Injectable()
export class Upkeep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(Upkeep.name);
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly subscriptions: Subscription[] = [];
  private readonly failing = new Set<string>();

  constructor(
    private readonly claims: Claims,
    private readonly underWay: WorkUnderWay,
    private readonly dispatcher: Dispatcher,
    private readonly reconciler: Reconciler,
    private readonly disk: DiskWatch,
    private readonly redis: RedisWatch,
    private readonly heartbeat: Heartbeat,
    private readonly housekeeping: HousekeepingRepository,
    private readonly signals: Signals,
    private readonly environment: Environment,
  ) {}

  onApplicationBootstrap(): void {
    const { LEASE_MS } = this.environment;
    this.every(LOOK_EVERY_MS, 'Watching the disk', () => this.disk.look());
    this.every(LOOK_EVERY_MS, 'Dispatching', () => this.dispatcher.wake());
    this.every(LOOK_EVERY_MS, 'Looking after Redis', () => this.lookAfterRedis());
    this.every(LOOK_EVERY_MS, 'Looking for lost leases', () => this.abortLost());
    this.every(Math.min(RECONCILE_EVERY_MS, LEASE_MS), 'Reconciling', () => this.reconciler.reconcile());
    this.every(Math.floor(LEASE_MS / 3), 'Renewing leases', () => this.claims.renew(this.underWay.itemIds));
    this.every(RECONCILE_EVERY_MS, 'The heartbeat', () => this.heartbeat.beat());
    this.every(FORGET_EVERY_MS, 'Forgetting', () => this.forget());
    this.subscriptions.push(
      this.signals.on('items_pending', () => this.dispatcher.wakeForMore()),
      this.signals.on('items_cancelled', () => {
        this.guarded('Looking for lost leases', () => this.abortLost());
        this.dispatcher.wake();
      }),
    );
    this.guarded('Reconciling', () => this.reconciler.reconcileAll());
  }

  beforeApplicationShutdown(): void {
    for (const timer of this.timers) clearInterval(timer);
    for (const subscription of this.subscriptions) subscription.unsubscribe();
  }

  private async forget(): Promise<void> {
    await this.housekeeping.forgetKeys();
    await this.housekeeping.forgetHosts();
  }

  private async lookAfterRedis(): Promise<void> {
    if (await this.redis.wasEmptied()) await this.reconciler.reconcileAll();
  }

  /** Ends work on items that are not this worker's any more: cancelled, or its lease ran out while it was suspended. */
  private async abortLost(): Promise<void> {
    const before = this.underWay.itemIds;
    if (before.length === 0) return;
    const own = await this.claims.owned(before);
    for (const itemId of before) {
      if (!own.has(itemId)) this.underWay.abort(itemId, 'The item is not this worker’s any more');
    }
  }

  /** A turn that is still under way when the next one is due is not joined by another. */
  private every(ms: number, what: string, task: () => void | Promise<void>): void {
    let busy = false;
    const turn = async (): Promise<void> => {
      if (busy) return;
      busy = true;
      try {
        await task();
        this.failing.delete(what);
      } finally {
        busy = false;
      }
    };
    this.timers.push(setInterval(() => this.guarded(what, turn), ms));
  }

  /** An outage ends by itself and is told once; the next turn of the clock tries again. */
  private guarded(what: string, task: () => void | Promise<void>): void {
    void (async () => task())().catch((error: unknown) => {
      if (!this.failing.has(what)) this.logger.warn(`${what} has to wait: ${String(error)}`);
      this.failing.add(what);
    });
  }
}
