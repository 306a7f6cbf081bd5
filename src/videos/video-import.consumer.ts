import { InjectQueue } from '@nestjs/bull';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Job, Queue } from 'bull';
import { Environment } from '../config/environment.js';
import type { ItemJob } from '../imports/import-kind.js';
import { ItemRunner } from '../imports/run/item-runner.js';
import { VIDEOS } from './video-kind.js';
import { VideoWorker } from './video-worker.js';

/**
 * Consumes the Bull jobs of video imports. No `@Process()`: a decorator is evaluated before the configuration, which
 * sets the concurrency, can be injected.
 */
@Injectable()
export class VideoImportConsumer implements OnApplicationBootstrap {
  constructor(
    @InjectQueue(VIDEOS) private readonly queue: Queue<ItemJob>,
    private readonly runner: ItemRunner,
    private readonly worker: VideoWorker,
    private readonly environment: Environment,
  ) {}

  onApplicationBootstrap(): void {
    void this.queue.process(this.environment.WORKER_CONCURRENCY, (job) => this.process(job));
  }

  process(job: Job<ItemJob>): Promise<void> {
    return this.runner.run(job.data, this.worker);
  }
}
