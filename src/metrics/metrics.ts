import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { RecentBacklog } from '../imports/workers/recent-backlog.js';
import { WAITING_REASONS, type Backlog } from '../imports/workers/waiting.repository.js';

const PREFIX = 'reelport_';

/** What each gauge shows of the backlog. */
const GAUGES: ReadonlyArray<[name: string, help: string, value: (backlog: Backlog) => number]> = [
  ['imports_unfinished', 'Imports that are not finished', ({ imports }) => imports],
  ['items_unfinished', 'Items that have not ended, those under way included', ({ items }) => items],
  ['items_queued', 'Items that have a job in Bull', ({ queued }) => queued],
  ['items_running', 'Items that a worker runs', ({ running }) => running],
  ['webhooks_pending', 'Webhooks that are due or will be', ({ deliveries }) => deliveries],
  ['workers', 'Workers that are there', ({ workers }) => workers],
  ['workers_capacity', 'Items that the workers can run at once', ({ capacity }) => capacity],
  [
    'dispatch_round_seconds',
    'Time of a round of dispatching, on average',
    ({ roundSeconds }) => roundSeconds ?? 0,
  ],
];

/** The state of the installation in the text format of Prometheus; what is read is a second old at most. */
@Injectable()
export class Metrics {
  private readonly registry = new Registry();
  private readonly gauges = GAUGES.map(
    ([name, help, value]) =>
      [new Gauge({ name: PREFIX + name, help, registers: [this.registry] }), value] as const,
  );
  private readonly waiting = new Gauge({
    name: `${PREFIX}waiting`,
    help: 'What keeps items from being done: held workers, a database without writes, throttled hosts, items in backoff',
    labelNames: ['reason'],
    registers: [this.registry],
  });

  constructor(private readonly backlog: RecentBacklog) {
    collectDefaultMetrics({ register: this.registry });
  }

  async text(): Promise<string> {
    const backlog = await this.backlog.read();
    for (const [gauge, value] of this.gauges) gauge.set(value(backlog));
    for (const reason of WAITING_REASONS) this.waiting.set({ reason }, backlog.waiting[reason]);
    return this.registry.metrics();
  }
}
