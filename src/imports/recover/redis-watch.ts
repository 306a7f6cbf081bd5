import { Injectable } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import { JobQueue } from '../dispatch/job-queue.js';
import { ImportKinds } from '../import-kinds.js';

/** Checks whether Redis takes jobs, and detects by a marker key that it lost its data. */
@Injectable()
export class RedisWatch {
  constructor(
    private readonly kinds: ImportKinds,
    private readonly jobs: JobQueue,
    private readonly environment: Environment,
  ) {}

  /** Sets the marker key. @returns whether it was missing, so that Redis has lost its jobs */
  async restoreMarker(): Promise<boolean> {
    if ((await this.jobs.look()) !== null) return false;
    const [kind] = this.kinds.all();
    return (await kind?.queue.client.set(`${this.environment.REDIS_PREFIX}:alive`, '1', 'NX')) === 'OK';
  }
}
