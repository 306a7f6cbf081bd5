import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import { Dispatcher } from '../dispatch/dispatcher.js';
import { Claims } from './claims.js';
import { Reconciler } from './reconciler.js';
import { WorkUnderWay } from './work-under-way.js';

const DISPATCH_EVERY_MS = 1_000;
const RECONCILE_EVERY_MS = 30_000;

/** What a worker does by the clock: keep its leases, look for due items, find lost ones. */
@Injectable()
export class Upkeep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(Upkeep.name);
  private timers: NodeJS.Timeout[] = [];

  constructor(
    private readonly claims: Claims,
    private readonly underWay: WorkUnderWay,
    private readonly dispatcher: Dispatcher,
    private readonly reconciler: Reconciler,
    private readonly environment: Environment,
  ) {}

  onApplicationBootstrap(): void {
    this.every(DISPATCH_EVERY_MS, () => this.dispatcher.wake());
    // Who asks for short leases wants what is lost back soon.
    this.every(Math.min(RECONCILE_EVERY_MS, this.environment.LEASE_MS), () => this.reconciler.reconcile());
    this.every(Math.floor(this.environment.LEASE_MS / 3), () => this.renewLeases());
    this.guarded(() => this.reconciler.reconcileAtStart());
  }

  beforeApplicationShutdown(): void {
    for (const timer of this.timers) clearInterval(timer);
  }

  private async renewLeases(): Promise<void> {
    const before = this.underWay.itemIds;
    const own = new Set(await this.claims.renew());
    for (const itemId of before) {
      if (!own.has(itemId)) this.underWay.abort(itemId, 'The lease of the item has run out');
    }
  }

  private every(ms: number, task: () => void | Promise<void>): void {
    this.timers.push(setInterval(() => this.guarded(task), ms));
  }

  /** An outage ends by itself; the next turn of the clock tries again. */
  private guarded(task: () => void | Promise<void>): void {
    void (async () => task())().catch((error: unknown) =>
      this.logger.warn(`Upkeep has to wait: ${String(error)}`),
    );
  }
}
