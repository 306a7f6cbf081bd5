import { Injectable } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import { JobQueue } from '../dispatch/job-queue.js';
import { ImportKinds } from '../import-kinds.js';

/** Looks whether Redis takes jobs, and notices that it has been emptied: a key of ours is gone. */
@Injectable()
export class RedisWatch {
  constructor(
    private readonly kinds: ImportKinds,
    private readonly jobs: JobQueue,
    private readonly environment: Environment,
  ) {}

  /** Whether Redis was empty; asked again it is not any more. */
  async wasEmptied(): Promise<boolean> {
    if ((await this.jobs.look()) !== null) return false;
    const [kind] = this.kinds.all();
    return (await kind?.queue.client.set(`${this.environment.REDIS_PREFIX}:alive`, '1', 'NX')) === 'OK';
  }
}
