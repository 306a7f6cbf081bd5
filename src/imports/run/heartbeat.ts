import { hostname } from 'node:os';
import { Injectable } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import { Lifecycle } from '../../process/lifecycle.js';
import { Dispatcher } from '../dispatch/dispatcher.js';
import { ItemWorkers } from '../item-workers.js';
import { WorkersRepository } from '../workers/workers.repository.js';
import { Claims } from './claims.js';

/** Registers this worker in the database, with the reason if it takes no items. */
@Injectable()
export class Heartbeat {
  constructor(
    private readonly workers: WorkersRepository,
    private readonly claims: Claims,
    private readonly dispatcher: Dispatcher,
    private readonly itemWorkers: ItemWorkers,
    private readonly environment: Environment,
    lifecycle: Lifecycle,
  ) {
    lifecycle.on('release', 'Signing off', () => workers.remove(claims.owner));
  }

  beat(): Promise<void> {
    return this.workers.seen({
      id: this.claims.owner,
      hostName: hostname(),
      concurrency: this.environment.WORKER_CONCURRENCY,
      kinds: this.itemWorkers.kinds,
      heldBy: this.dispatcher.heldBy,
      roundMs: this.dispatcher.roundMs,
    });
  }
}
