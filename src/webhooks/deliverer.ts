import { setTimeout as wait } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Environment } from '../config/environment.js';
import { Signals } from '../database/signals.js';
import { stackWithCauses } from '../http/error-stack.js';
import { isUnreachable } from '../http/unreachable-error.js';
import { Lifecycle } from '../process/lifecycle.js';
import { OutageLog } from '../process/outage-log.js';
import { PeriodicTasks } from '../process/periodic-tasks.js';
import { StallWatchdog } from '../process/stall-watchdog.js';
import { DeliveriesUnderWay } from './deliveries-under-way.js';
import { DeliveryAttempt } from './delivery-attempt.js';
import { nextAttempt } from './next-attempt.js';
import { OutboxRepository, type DueDelivery } from './outbox.repository.js';

/** How long a due delivery can go unseen where no signal announces it. */
const LOOK_EVERY_MS = 1_000;
const CONCURRENCY = 16;
/** Few enough that receivers which do not answer leave room for the others. */
const CONCURRENCY_PER_HOST = 4;
/** How much longer than an attempt may take the delivery is ours, to record how it ended. */
const LEASE_MARGIN_MS = 15_000;

const DELIVERING = 'Delivering webhooks';

/** Takes due messages from the outbox and delivers them to their receivers; every attempt is recorded. */
@Injectable()
export class Deliverer implements OnApplicationBootstrap {
  private readonly logger = new Logger(Deliverer.name);
  private readonly outages = new OutageLog(this.logger);
  private readonly underWay = new DeliveriesUnderWay();
  private readonly leaseMs: number;
  private looking: Promise<void> | null = null;
  private wanted = false;

  constructor(
    private readonly signals: Signals,
    private readonly repository: OutboxRepository,
    private readonly attempts: DeliveryAttempt,
    private readonly lifecycle: Lifecycle,
    private readonly tasks: PeriodicTasks,
    private readonly watchdog: StallWatchdog,
    private readonly environment: Environment,
  ) {
    this.leaseMs = environment.WEBHOOK_TIMEOUT_MS + LEASE_MARGIN_MS;
  }

  onApplicationBootstrap(): void {
    const subscription = this.signals.on('deliveries_due', () => this.look());
    this.lifecycle.on('stop', 'Taking no more deliveries', async () => {
      subscription.unsubscribe();
      await this.looking;
    });
    // What is aborted at the deadline is due again at once.
    this.lifecycle.on('drain', 'Finishing deliveries', async () => {
      await this.looking;
      await this.underWay.drain(this.lifecycle.deadline);
    });
    this.tasks.start({ name: DELIVERING, everyMs: LOOK_EVERY_MS, run: () => this.look() });
    this.look();
  }

  /** Any number of calls during a look make one more. */
  private look(): void {
    this.wanted = true;
    if (this.lifecycle.draining.aborted || this.looking !== null) return;
    this.looking = this.takeAll().finally(() => {
      this.looking = null;
      if (this.wanted) this.look();
    });
  }

  private async takeAll(): Promise<void> {
    try {
      while (this.wanted && !this.lifecycle.draining.aborted) {
        this.wanted = false;
        if ((await this.watchdog.watch(DELIVERING, () => this.take())) > 0) this.wanted = true;
      }
      this.outages.works(DELIVERING);
    } catch (error) {
      // The next look tries again.
      this.wanted = false;
      this.outages.failed(DELIVERING, error);
    }
  }

  private async take(): Promise<number> {
    const total = CONCURRENCY - this.underWay.size;
    // The end of an attempt makes room and looks again.
    if (total <= 0) return 0;
    const due = await this.repository.claimDue({
      total,
      perHost: CONCURRENCY_PER_HOST,
      underWay: this.underWay.byHost(),
      leaseMs: this.leaseMs,
    });
    for (const delivery of due) {
      const attempt = (signal: AbortSignal): Promise<void> => this.deliverSafely(delivery, signal);
      this.underWay.run(delivery.receiverHost, attempt, () => this.look());
    }
    return due.length;
  }

  private async deliverSafely(delivery: DueDelivery, signal: AbortSignal): Promise<void> {
    try {
      await this.deliver(delivery, signal);
    } catch (error) {
      // Nothing is lost: when the lease expires, the delivery is due again.
      if (isUnreachable(error)) this.outages.failed(DELIVERING, error);
      else this.logger.error(`Delivery failed, retrying delivery=${delivery.id}`, stackWithCauses(error));
    }
  }

  private async deliver(delivery: DueDelivery, signal: AbortSignal): Promise<void> {
    const ownUntil = performance.now() + this.leaseMs;
    const attempt = await this.attempts.make(delivery, signal);
    if (attempt === null) return this.repository.release(delivery);
    const ending = nextAttempt(attempt.outcome, delivery.scheduled + 1, this.environment.WEBHOOK_SCHEDULE);
    const record = (): Promise<void> => this.repository.recordAttempt(delivery, attempt.record, ending);
    return this.persist(record, ownUntil, signal);
  }

  /** Outlasts a short outage of the database, so that a receiver does not get again what it has accepted. */
  private async persist(record: () => Promise<void>, ownUntil: number, signal: AbortSignal): Promise<void> {
    for (;;) {
      try {
        return await record();
      } catch (error) {
        if (!isUnreachable(error) || signal.aborted || performance.now() > ownUntil) throw error;
        this.outages.failed(DELIVERING, error);
        await wait(LOOK_EVERY_MS, undefined, { signal });
      }
    }
  }
}
