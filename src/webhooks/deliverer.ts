import { setTimeout as wait } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Environment } from '../config/environment.js';
import { Signals } from '../database/signals.js';
import { stackWithCauses } from '../http/error-stack.js';
import { isUnreachable } from '../database/unreachable-error.js';
import { Lifecycle } from '../process/lifecycle.js';
import { OutageLog } from '../process/outage-log.js';
import { PeriodicTasks } from '../process/periodic-tasks.js';
import { StallWatchdog } from '../process/stall-watchdog.js';
import { InFlightDeliveries } from './in-flight-deliveries.js';
import { DeliveryAttempt } from './delivery-attempt.js';
import { nextAttempt } from './next-attempt.js';
import { OutboxRepository, type DueDelivery } from './outbox.repository.js';

/** Milliseconds for which a due delivery can go unnoticed without a signal. */
const POLL_MS = 1_000;
const CONCURRENCY = 16;
/** Low enough that unresponsive receivers leave room for others. */
const CONCURRENCY_PER_HOST = 4;
/** Milliseconds by which the lease exceeds the attempt, to record the outcome. */
const LEASE_MARGIN_MS = 15_000;

const DELIVERY = 'Webhook delivery';

/** Takes due deliveries from the outbox and sends them to their receivers; records every attempt. */
@Injectable()
export class Deliverer implements OnApplicationBootstrap {
  private readonly logger = new Logger(Deliverer.name);
  private readonly outages = new OutageLog(this.logger);
  private readonly inFlight = new InFlightDeliveries();
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
    this.lifecycle.on('stop', 'Stop taking deliveries', async () => {
      subscription.unsubscribe();
      await this.looking;
    });
    // Attempts aborted at the deadline are due again at once.
    this.lifecycle.on('drain', 'Finish in-flight deliveries', async () => {
      await this.looking;
      await this.inFlight.drain(this.lifecycle.deadline);
    });
    this.tasks.start({ name: DELIVERY, everyMs: POLL_MS, run: () => this.look() });
    this.look();
  }

  /** Any number of calls during a round cause one more round. */
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
        if ((await this.watchdog.watch(DELIVERY, () => this.take())) > 0) this.wanted = true;
      }
      this.outages.works(DELIVERY);
    } catch (error) {
      // The next round retries.
      this.wanted = false;
      this.outages.failed(DELIVERY, error);
    }
  }

  private async take(): Promise<number> {
    const total = CONCURRENCY - this.inFlight.size;
    // A finished attempt frees a slot and starts another round.
    if (total <= 0) return 0;
    const due = await this.repository.claimDue({
      total,
      perHost: CONCURRENCY_PER_HOST,
      inFlight: this.inFlight.byHost(),
      leaseMs: this.leaseMs,
    });
    for (const delivery of due) {
      const attempt = (signal: AbortSignal): Promise<void> => this.deliverSafely(delivery, signal);
      this.inFlight.run(delivery.receiverHost, attempt, () => this.look());
    }
    return due.length;
  }

  private async deliverSafely(delivery: DueDelivery, signal: AbortSignal): Promise<void> {
    try {
      await this.deliver(delivery, signal);
    } catch (error) {
      // Nothing is lost: the delivery is due again when its lease expires.
      if (isUnreachable(error)) this.outages.failed(DELIVERY, error);
      else
        this.logger.error(
          `Webhook delivery failed, retrying delivery=${delivery.id}`,
          stackWithCauses(error),
        );
    }
  }

  private async deliver(delivery: DueDelivery, signal: AbortSignal): Promise<void> {
    const leasedUntil = performance.now() + this.leaseMs;
    const attempt = await this.attempts.make(delivery, signal);
    if (attempt === null) return this.repository.release(delivery);
    const next = nextAttempt(attempt.outcome, delivery.scheduled + 1, this.environment.WEBHOOK_SCHEDULE);
    const record = (): Promise<void> => this.repository.recordAttempt(delivery, attempt.record, next);
    return this.persist(record, leasedUntil, signal);
  }

  /** Outlasts a short database outage, so that a receiver does not get a delivery again that it has accepted. */
  private async persist(
    record: () => Promise<void>,
    leasedUntil: number,
    signal: AbortSignal,
  ): Promise<void> {
    for (;;) {
      try {
        return await record();
      } catch (error) {
        if (!isUnreachable(error) || signal.aborted || performance.now() > leasedUntil) throw error;
        this.outages.failed(DELIVERY, error);
        await wait(POLL_MS, undefined, { signal });
      }
    }
  }
}
