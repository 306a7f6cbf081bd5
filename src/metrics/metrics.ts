import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { EventsBacklogRepository, type ListenerBacklog } from '../events/events-backlog.repository.js';
import { RecentBacklog } from '../imports/workers/recent-backlog.js';
import { WAITING_REASONS, type Backlog } from '../imports/workers/waiting.repository.js';

const PREFIX = 'reelport_';
/** Maximum age of the counts of events, so that frequent reads do not load the database. */
const FRESH_MS = 1_000;

/** Gauges over the backlog. */
const GAUGES: ReadonlyArray<[name: string, help: string, value: (backlog: Backlog) => number]> = [
  ['imports_unfinished', 'Unfinished imports', ({ imports }) => imports],
  ['items_unfinished', 'Unfinished items, including those in flight', ({ items }) => items],
  ['items_queued', 'Items with a job in Bull', ({ queued }) => queued],
  ['items_running', 'Items that a worker is running', ({ running }) => running],
  ['webhooks_pending', 'Pending webhook deliveries', ({ deliveries }) => deliveries],
  ['workers', 'Live workers', ({ workers }) => workers],
  ['workers_capacity', 'Maximum items that the live workers run at once', ({ capacity }) => capacity],
  ['dispatch_round_seconds', 'Mean duration of a dispatch round', ({ roundSeconds }) => roundSeconds ?? 0],
];

/** The state of the installation in the Prometheus text format, at most one second old. */
@Injectable()
export class Metrics {
  private readonly registry = new Registry();
  private readonly gauges = GAUGES.map(
    ([name, help, value]) =>
      [new Gauge({ name: PREFIX + name, help, registers: [this.registry] }), value] as const,
  );
  private readonly waiting = new Gauge({
    name: `${PREFIX}waiting`,
    help: 'Why items wait: held workers, a read-only database, throttled hosts, items in backoff',
    labelNames: ['reason'],
    registers: [this.registry],
  });

  private readonly deliveries = new Gauge({
    name: `${PREFIX}event_deliveries`,
    help: 'Pending and dead deliveries of events, by listener',
    labelNames: ['listener', 'state'],
    registers: [this.registry],
  });
  private readonly listeners: LRUCache<'listeners', ListenerBacklog[]>;

  constructor(
    private readonly backlog: RecentBacklog,
    events: EventsBacklogRepository,
  ) {
    this.listeners = new LRUCache({ max: 1, ttl: FRESH_MS, fetchMethod: () => events.byListener() });
    collectDefaultMetrics({ register: this.registry });
  }

  async text(): Promise<string> {
    const backlog = await this.backlog.read();
    for (const [gauge, value] of this.gauges) gauge.set(value(backlog));
    for (const reason of WAITING_REASONS) this.waiting.set({ reason }, backlog.waiting[reason]);
    const listeners = await this.listeners.forceFetch('listeners');
    this.deliveries.reset();
    for (const { listener, pending, dead } of listeners) {
      this.deliveries.set({ listener, state: 'pending' }, pending);
      this.deliveries.set({ listener, state: 'dead' }, dead);
    }
    return this.registry.metrics();
  }
}
