import { setTimeout as wait } from 'node:timers/promises';
import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Subscription } from 'rxjs';
import { Environment } from '../config/environment.js';
import { Signals } from '../database/signals.js';
import { isUnreachable } from '../http/unreachable-error.js';
import { DeliveriesUnderWay } from './deliveries-under-way.js';
import { DeliveryAttempt } from './delivery-attempt.js';
import { nextAttempt } from './next-attempt.js';
import { OutageLog } from './outage-log.js';
import { OutboxRepository, type DueDelivery } from './outbox.repository.js';

/** How long something due can go unseen where no signal tells of it. */
const LOOK_EVERY_MS = 1_000;
const CONCURRENCY = 16;
/** Few enough that receivers which do not answer leave room for the others. */
const CONCURRENCY_PER_HOST = 4;
/** How much longer than an attempt may take the delivery is ours, to write down how it ended. */
const LEASE_MARGIN_MS = 15_000;

/** Takes due messages from the outbox and hands them to their receivers; every attempt is written down. */
@Injectable()
export class Deliverer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(Deliverer.name);
  private readonly outage = new OutageLog(this.logger, 'The delivery of webhooks');
  private readonly underWay = new DeliveriesUnderWay();
  private readonly leaseMs: number;
  private subscription: Subscription | undefined;
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | null = null;
  private wanted = false;
  private stopped = false;

  constructor(
    private readonly signals: Signals,
    private readonly repository: OutboxRepository,
    private readonly attempts: DeliveryAttempt,
    private readonly environment: Environment,
  ) {
    this.leaseMs = environment.WEBHOOK_TIMEOUT_MS + LEASE_MARGIN_MS;
  }

  onApplicationBootstrap(): void {
    this.subscription = this.signals.on('deliveries_due', () => this.look());
    this.look();
  }

  /** Lets attempts end within the grace, then aborts them; what was aborted is due again at once. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    this.subscription?.unsubscribe();
    clearTimeout(this.timer);
    await this.looking;
    await this.underWay.end(this.environment.SHUTDOWN_GRACE_MS);
  }

  /** Any number of calls during a look make one more. */
  private look(): void {
    this.wanted = true;
    if (this.stopped || this.looking !== null) return;
    clearTimeout(this.timer);
    this.looking = this.takeAll().finally(() => {
      this.looking = null;
      if (this.wanted) this.look();
    });
  }

  private async takeAll(): Promise<void> {
    let pauseMs = LOOK_EVERY_MS;
    try {
      while (this.wanted && !this.stopped) {
        this.wanted = false;
        if ((await this.take()) > 0) this.wanted = true;
      }
      pauseMs = Math.min(LOOK_EVERY_MS, (await this.repository.msUntilNextDue()) ?? LOOK_EVERY_MS);
      this.outage.works();
    } catch (error) {
      // The next look tries again.
      this.wanted = false;
      this.outage.failed(error);
    }
    if (!this.stopped) this.timer = setTimeout(() => this.look(), pauseMs);
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
      // Nothing is lost: when the lease is over, the delivery is due again.
      if (isUnreachable(error)) this.outage.failed(error);
      else this.logger.error(`Delivery ${delivery.id} is tried again later: ${String(error)}`);
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
        this.outage.failed(error);
        await wait(LOOK_EVERY_MS, undefined, { signal });
      }
    }
  }
}
