import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Environment } from '../config/environment.js';
import { Signals } from '../database/signals.js';
import type { ListenerPart } from '../extension/define-listener.js';
import { Extensions } from '../extension/extensions.js';
import { stackWithCauses } from '../http/error-stack.js';
import { MAX_ABANDONED } from '../process/abandoned-work.js';
import { batching } from '../process/batching.js';
import { ClaimedWork, type WorkSource } from '../process/claimed-work.js';
import { Lifecycle } from '../process/lifecycle.js';
import { PeriodicTasks } from '../process/periodic-tasks.js';
import { StallWatchdog } from '../process/stall-watchdog.js';
import { TimeLimitError } from '../process/time-limit.js';
import { errorLine } from './error-line.js';
import { EventDeliveriesRepository, type DueEvent } from './event-deliveries.repository.js';
import { ListenerCall } from './listener-call.js';
import { nextDelay } from './next-delay.js';

/** Calls of one listener at once in this process; a slow listener delays no other. */
const CONCURRENCY_PER_LISTENER = 8;
/** Milliseconds by which the lease exceeds the time limit, to record the outcome. */
const LEASE_MARGIN_MS = 10_000;
/** Delivered ones that one transaction removes. */
const MAX_BATCH = 500;

/** Calls the listeners of this process with their events; several workers share the work. */
@Injectable()
export class EventDeliverer implements OnApplicationBootstrap, WorkSource<DueEvent> {
  readonly name = 'Event delivery';
  readonly wokenBy = 'events_due';
  private readonly logger = new Logger(EventDeliverer.name);
  private readonly listeners: ReadonlyMap<string, ListenerPart>;
  private readonly work: ClaimedWork<DueEvent>;
  private readonly remove: (id: string) => Promise<void>;

  constructor(
    signals: Signals,
    private readonly repository: EventDeliveriesRepository,
    private readonly calls: ListenerCall,
    lifecycle: Lifecycle,
    tasks: PeriodicTasks,
    watchdog: StallWatchdog,
    private readonly environment: Environment,
    extensions: Extensions,
  ) {
    this.listeners = new Map(extensions.listeners.map((listener) => [listener.name, listener]));
    this.work = new ClaimedWork(this, { signals, lifecycle, tasks, watchdog, logger: this.logger });
    this.remove = batching<string, void>(
      async (ids) => {
        await repository.remove(ids);
        return ids.map(() => undefined);
      },
      { maxSize: MAX_BATCH },
    );
  }

  onApplicationBootstrap(): void {
    if (this.listeners.size > 0) this.work.start();
  }

  async claim(inFlight: ReadonlyMap<string, number>): Promise<DueEvent[]> {
    const slots = [...this.listeners.values()].flatMap((listener) => {
      const busy = inFlight.get(listener.name) ?? 0;
      const abandonable = MAX_ABANDONED - this.calls.abandonedOf(listener.name) - busy;
      const free = Math.min(CONCURRENCY_PER_LISTENER - busy, abandonable);
      return free > 0 ? [{ listener: listener.name, free, leaseMs: leaseMsOf(listener) }] : [];
    });
    if (slots.length === 0) return [];
    return this.repository.claim(slots, this.environment.LISTENER_SCHEDULE.length + 1);
  }

  keyOf({ listener }: DueEvent): string {
    return listener;
  }

  idOf({ id }: DueEvent): string {
    return id;
  }

  async attempt(due: DueEvent, signal: AbortSignal): Promise<void> {
    const listener = this.listeners.get(due.listener);
    if (listener === undefined) throw new Error(`No listener is called ${due.listener}`);
    const leasedUntil = performance.now() + leaseMsOf(listener);
    const outcome = await this.calls.make(listener, due, signal);
    if (outcome.state === 'aborted') return this.repository.release(due);
    const record =
      outcome.state === 'delivered'
        ? (): Promise<void> => this.remove(due.id)
        : this.failing(due, outcome.error);
    return this.work.persist(record, leasedUntil, signal);
  }

  /** Logs a failure, and decides what follows. */
  private failing(due: DueEvent, error: unknown): () => Promise<void> {
    const nextInMs = nextDelay(due.scheduled, this.environment.LISTENER_SCHEDULE);
    const { listener, event, id, attempt } = due;
    const line = `Listener failed, ${nextInMs === null ? 'giving up' : 'retrying'} listener=${listener} event=${event.type} delivery=${id} attempt=${attempt}`;
    if (error instanceof TimeLimitError) this.logger.warn(`${line}: ${error.message}`);
    else this.logger.error(line, stackWithCauses(error));
    return () => this.repository.fail(due, errorLine(error), nextInMs);
  }
}

function leaseMsOf({ timeoutMs }: ListenerPart): number {
  return timeoutMs + LEASE_MARGIN_MS;
}
