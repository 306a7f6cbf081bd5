import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import { Signals } from '../../database/signals.js';
import { Lifecycle } from '../../process/lifecycle.js';
import { PeriodicTasks } from '../../process/periodic-tasks.js';
import { Dispatcher } from '../dispatch/dispatcher.js';
import { JobQueue } from '../dispatch/job-queue.js';
import { Claims } from './claims.js';
import { ExpiredEvents } from '../events/expired-events.js';
import { ExpiredPlans } from '../plan/expired-plans.js';
import { JobConsumer } from './job-consumer.js';
import { DiskWatch } from './disk-watch.js';
import { Heartbeat } from './heartbeat.js';
import { IdempotencyKeysRepository } from '../accept/idempotency-keys.repository.js';
import { OriginHosts } from '../hosts/origin-hosts.js';
import { Reconciler } from '../recover/reconciler.js';
import { InFlightItems } from './in-flight-items.js';

const SECOND_MS = 1_000;
const RECONCILE_EVERY_MS = 5_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Renewals per lease duration; two in a row may fail. */
const RENEWALS_PER_LEASE = 3;

/** Runs the periodic tasks of a worker, and those that other processes request by signal. */
@Injectable()
export class Upkeep implements OnApplicationBootstrap {
  constructor(
    private readonly tasks: PeriodicTasks,
    private readonly lifecycle: Lifecycle,
    private readonly claims: Claims,
    private readonly inFlight: InFlightItems,
    private readonly dispatcher: Dispatcher,
    private readonly consumer: JobConsumer,
    private readonly reconciler: Reconciler,
    private readonly disk: DiskWatch,
    private readonly jobs: JobQueue,
    private readonly heartbeat: Heartbeat,
    private readonly keys: IdempotencyKeysRepository,
    private readonly hosts: OriginHosts,
    private readonly events: ExpiredEvents,
    private readonly plans: ExpiredPlans,
    private readonly signals: Signals,
    private readonly environment: Environment,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    // Before the process is ready: a worker at work that nobody sees would be reported as `no_worker`.
    await this.tasks.once('Heartbeat', () => this.heartbeat.beat());
    this.takeWork();
    this.ownWork();
    this.listen();
    void this.tasks.once('Reconciling', () => this.reconciler.reconcileAll());
  }

  /** Tasks that stop when the process begins to drain. */
  private takeWork(): void {
    const { LEASE_MS, PLAN_TTL } = this.environment;
    const every = (name: string, everyMs: number, run: (signal: AbortSignal) => void | Promise<void>): void =>
      this.tasks.start({ name, everyMs, run });
    every('Watching the disk', SECOND_MS, () => this.disk.look());
    every('Dispatching', SECOND_MS, () => this.dispatcher.wake());
    every('Watching Redis', SECOND_MS, () => this.watchRedis());
    every('Reconciling', Math.min(RECONCILE_EVERY_MS, LEASE_MS), () => this.reconciler.reconcile());
    every('Expiring idempotency keys', HOUR_MS, () => this.keys.removeExpired());
    every('Expiring events', MINUTE_MS, (signal) => this.events.remove(signal));
    every('Expiring plans', Math.min(MINUTE_MS, PLAN_TTL), () => this.plans.expire());
    every('Expiring hosts', RECONCILE_EVERY_MS, () => this.hosts.removeExpired());
  }

  /** Tasks that run until the last in-flight item ends: without a lease, another worker would run the item as well. */
  private ownWork(): void {
    const { LEASE_MS } = this.environment;
    const every = (name: string, everyMs: number, run: () => Promise<void>): void =>
      this.tasks.start({ name, everyMs, run, until: 'drained' });
    every('Renewing leases', Math.floor(LEASE_MS / RENEWALS_PER_LEASE), () =>
      this.claims.renew(this.inFlight.itemIds),
    );
    every('Checking leases', SECOND_MS, () => this.abortLost());
    every('Heartbeat', RECONCILE_EVERY_MS, () => this.heartbeat.beat());
  }

  private listen(): void {
    const pending = this.signals.on('items_pending', () => this.dispatcher.wakeForMore());
    const cancelled = this.signals.on('items_cancelled', () => {
      void this.tasks.once('Checking leases', () => this.abortLost());
      this.dispatcher.wake();
    });
    this.lifecycle.on('stop', 'Ignoring new items', () => pending.unsubscribe());
    this.lifecycle.on('quiet', 'Ignoring cancelled items', () => cancelled.unsubscribe());
  }

  private async watchRedis(): Promise<void> {
    await this.consumer.revive();
    if (await this.jobs.restoreMarker()) await this.reconciler.reconcileAll();
  }

  /** Aborts items that this worker no longer owns: cancelled, or reclaimed while the process was suspended. */
  private async abortLost(): Promise<void> {
    const reason = 'The item is no longer owned by this worker';
    await this.inFlight.abortLost((itemIds) => this.claims.owned(itemIds), reason);
  }
}
