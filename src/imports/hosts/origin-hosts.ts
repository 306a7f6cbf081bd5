import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Environment } from '../../config/environment.js';
import { FIRST_SHARE, judgeHost, type HostChange, type HostSigns, type HostVerdict } from './host-signs.js';
import { OriginHostsRepository } from './origin-hosts.repository.js';

/** The hosts that items are fetched from: how much each may be asked for, and what their answers say of them. */
@Injectable()
export class OriginHosts {
  constructor(
    private readonly repository: OriginHostsRepository,
    private readonly environment: Environment,
  ) {}

  /** Items that a host may have under way at once, as it is now. */
  async limits(tx: EntityManager): Promise<(host: string) => number> {
    const known = new Map((await this.repository.limits(tx)).map(({ host, share }) => [host, share]));
    const { HOST_CONCURRENCY } = this.environment;
    return (host) => Math.min(HOST_CONCURRENCY, known.get(host) ?? FIRST_SHARE);
  }

  /** Writes down what a batch of results tells of hosts, and says of each whether its failures are its own. */
  async note(tx: EntityManager, signs: ReadonlyMap<string, HostSigns>): Promise<Map<string, HostVerdict>> {
    const verdicts = new Map<string, HostVerdict>();
    if (signs.size === 0) return verdicts;
    const records = await this.repository.find(tx, [...signs.keys()]);
    const { HOST_CONCURRENCY: most, HOST_RETRY_SCHEDULE: schedule } = this.environment;
    const changes = new Map<string, HostChange>();
    for (const [host, sign] of signs) {
      const verdict = judgeHost(records.get(host), sign, { most, schedule });
      verdicts.set(host, verdict);
      if (verdict.change !== null) changes.set(host, verdict.change);
    }
    if (changes.size > 0) await this.repository.save(tx, changes);
    return verdicts;
  }
}
