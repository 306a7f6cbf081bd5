import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { RecentBacklog } from '../imports/workers/recent-backlog.js';
import { WAITING_REASONS, type Backlog } from '../imports/workers/waiting.repository.js';

const PREFIX = 'reelport_';

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
