import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { prepared } from '../../database/preparing-client.js';
import { KEY_LIFETIME } from '../accept/idempotency-keys.repository.js';

/** Hosts that are forgotten in one statement. */
const HOSTS_AT_ONCE = 10_000;

@Injectable()
export class HousekeepingRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Idempotency keys that count no more. */
  async forgetKeys(): Promise<void> {
    await this.dataSource.query(
      `DELETE FROM idempotency_keys WHERE created_at < now() - interval '${KEY_LIFETIME}'`,
    );
  }

  /**
   * Forgets some of the hosts that have expired: they begin anew, as strangers do. A host that has pending items does not
   * expire.
   */
  async forgetHosts(): Promise<void> {
    await this.dataSource.query(
      prepared(`DELETE FROM origin_hosts WHERE host IN (
         SELECT host FROM origin_hosts WHERE expires_at < now() ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED)`),
      [HOSTS_AT_ONCE],
    );
  }
}
