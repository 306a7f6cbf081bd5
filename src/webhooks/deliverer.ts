import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Environment } from '../config/environment.js';
import { Signals } from '../database/signals.js';
import { ClaimedWork, type WorkSource } from '../process/claimed-work.js';
import { Lifecycle } from '../process/lifecycle.js';
import { PeriodicTasks } from '../process/periodic-tasks.js';
import { StallWatchdog } from '../process/stall-watchdog.js';
import { DeliveryAttempt } from './delivery-attempt.js';
import { nextAttempt } from './next-attempt.js';
import { OutboxRepository, type DueDelivery } from './outbox.repository.js';

const CONCURRENCY = 16;
/** Low enough that unresponsive receivers leave room for others. */
const CONCURRENCY_PER_HOST = 4;
/** Milliseconds by which the lease exceeds the attempt, to record the outcome. */
const LEASE_MARGIN_MS = 15_000;

/** Takes due deliveries from the outbox and sends them to their receivers; records every attempt. */
@Injectable()
export class Deliverer implements OnApplicationBootstrap, WorkSource<DueDelivery> {
  readonly name = 'Webhook delivery';
  readonly wokenBy = 'deliveries_due';
  private readonly work: ClaimedWork<DueDelivery>;
  private readonly leaseMs: number;

  constructor(
    signals: Signals,
    private readonly repository: OutboxRepository,
    private readonly attempts: DeliveryAttempt,
    lifecycle: Lifecycle,
    tasks: PeriodicTasks,
    watchdog: StallWatchdog,
    private readonly environment: Environment,
  ) {
    const logger = new Logger(Deliverer.name);
    this.work = new ClaimedWork(this, { signals, lifecycle, tasks, watchdog, logger });
    this.leaseMs = environment.WEBHOOK_TIMEOUT_MS + LEASE_MARGIN_MS;
  }

  onApplicationBootstrap(): void {
    this.work.start();
  }

  async claim(inFlight: ReadonlyMap<string, number>): Promise<DueDelivery[]> {
    const total = [...inFlight.values()].reduce((left, count) => left - count, CONCURRENCY);
    if (total <= 0) return [];
    const { leaseMs } = this;
    return this.repository.claimDue({ total, perHost: CONCURRENCY_PER_HOST, inFlight, leaseMs });
  }

  keyOf({ receiverHost }: DueDelivery): string {
    return receiverHost;
  }

  idOf({ id }: DueDelivery): string {
    return id;
  }

  async attempt(delivery: DueDelivery, signal: AbortSignal): Promise<void> {
    const leasedUntil = performance.now() + this.leaseMs;
    const attempt = await this.attempts.make(delivery, signal);
    if (attempt === null) return this.repository.release(delivery);
    const next = nextAttempt(attempt.outcome, delivery.scheduled + 1, this.environment.WEBHOOK_SCHEDULE);
    const record = (): Promise<void> => this.repository.recordAttempt(delivery, attempt.record, next);
    return this.work.persist(record, leasedUntil, signal);
  }
}
