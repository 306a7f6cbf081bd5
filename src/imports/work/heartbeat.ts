import { hostname } from 'node:os';
import { Injectable } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import { Lifecycle } from '../../process/lifecycle.js';
import { Dispatcher } from '../dispatch/dispatcher.js';
import { JobQueue } from '../dispatch/job-queue.js';
import { WorkersRepository } from '../workers/workers.repository.js';
import { Claims } from './claims.js';

/** Tells the database that this worker is there, and why it takes nothing where it does not. */
@Injectable()
export class Heartbeat {
  constructor(
    private readonly workers: WorkersRepository,
    private readonly claims: Claims,
    private readonly jobs: JobQueue,
    private readonly dispatcher: Dispatcher,
    private readonly environment: Environment,
    lifecycle: Lifecycle,
  ) {
    lifecycle.on('release', 'Signing off', () => workers.forget(claims.owner));
  }

  beat(): Promise<void> {
    return this.workers.seen({
      id: this.claims.owner,
      hostName: hostname(),
      concurrency: this.environment.WORKER_CONCURRENCY,
      heldBy: this.dispatcher.heldBy ?? this.jobs.heldBy,
      roundMs: this.dispatcher.roundMs,
    });
  }
}
