import { Injectable } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import { JobQueue } from '../dispatch/job-queue.js';
import { ImportKinds } from '../import-kinds.js';

/** Checks whether Redis accepts jobs, and detects data loss by a missing marker key. */
@Injectable()
export class RedisWatch {
  constructor(
    private readonly kinds: ImportKinds,
    private readonly jobs: JobQueue,
    private readonly environment: Environment,
  ) {}

  /** Sets the marker key. @returns whether it was missing, which means that Redis has lost its jobs */
  async restoreMarker(): Promise<boolean> {
    if ((await this.jobs.look()) !== null) return false;
    const [kind] = this.kinds.all();
    return (await kind?.queue.client.set(`${this.environment.REDIS_PREFIX}:alive`, '1', 'NX')) === 'OK';
  }
}
