import { Process, Processor } from '@nestjs/bull';
import type { Job } from 'bull';
import { loadEnvironment } from '../config/load-environment.js';
import type { ItemJob } from '../imports/import-kind.js';
import { ItemRunner } from '../imports/run/item-runner.js';
import { VIDEOS } from './video-kind.js';
import { VideoWorker } from './video-worker.js';

/** Consumes the Bull jobs of video imports. */
@Processor(VIDEOS)
export class VideoImportProcessor {
  constructor(
    private readonly runner: ItemRunner,
    private readonly worker: VideoWorker,
  ) {}

  @Process({ concurrency: loadEnvironment().WORKER_CONCURRENCY })
  process(job: Job<ItemJob>): Promise<void> {
    return this.runner.run(job.data, this.worker);
  }
}
