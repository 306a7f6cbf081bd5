import { Injectable } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import { ImportKinds } from '../import-kinds.js';

/** Notices that Redis has been emptied: a key of ours is gone. */
@Injectable()
export class RedisWatch {
  constructor(
    private readonly kinds: ImportKinds,
    private readonly environment: Environment,
  ) {}

  /** Whether Redis was empty; asked again it is not any more. */
  async wasEmptied(): Promise<boolean> {
    const [kind] = this.kinds.all();
    const client = kind?.queue.client;
    if (client?.status !== 'ready') return false;
    return (await client.set(`${this.environment.REDIS_PREFIX}:alive`, '1', 'NX')) === 'OK';
  }
}
