import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { KEY_LIFETIME } from '../accept/idempotency-keys.repository.js';

@Injectable()
export class HousekeepingRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Idempotency keys that count no more. */
  async forgetKeys(): Promise<void> {
    await this.dataSource.query(
      `DELETE FROM idempotency_keys WHERE created_at < now() - interval '${KEY_LIFETIME}'`,
    );
  }

  /** Hosts that nothing was heard of for a day: they begin anew, as strangers do. */
  async forgetHosts(): Promise<void> {
    await this.dataSource.query(
      `DELETE FROM origin_hosts WHERE noted_at < now() - interval '1 day' AND failures = 0`,
    );
  }
}
