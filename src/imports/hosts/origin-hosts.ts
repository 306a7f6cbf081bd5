import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Environment } from '../../config/environment.js';
import { FIRST_SHARE, judgeHost, type HostChange, type HostSigns, type HostVerdict } from './host-signs.js';
import { OriginHostsRepository } from './origin-hosts.repository.js';

/** Another worker may see a host fail meanwhile; this one asks for little more than it has under way. */
const KNOWN_FOR_MS = 1_000;

/** The hosts that items are fetched from: how much each may be asked for, and what their answers say of them. */
@Injectable()
export class OriginHosts {
  /** When hosts were last seen to have all that is allowed. */
  private readonly atTheirBest = new Map<string, number>();

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
    const news = [...signs].filter(([host, sign]) => !this.isKnown(host, sign));
    if (news.length === 0) return verdicts;
    const records = await this.repository.find(
      tx,
      news.map(([host]) => host),
    );
    const { HOST_CONCURRENCY: most, HOST_RETRY_SCHEDULE: schedule } = this.environment;
    const changes = new Map<string, HostChange>();
    for (const [host, sign] of news) {
      const verdict = judgeHost(records.get(host), sign, { most, schedule });
      verdicts.set(host, verdict);
      if (verdict.change !== null) changes.set(host, verdict.change);
      else if (sign.failures.length === 0) this.atTheirBest.set(host, performance.now());
    }
    if (changes.size > 0) await this.repository.save(tx, changes);
    return verdicts;
  }

  /** A host that has all that is allowed and goes on answering is no news, for a moment. */
  private isKnown(host: string, { failures }: HostSigns): boolean {
    const since = this.atTheirBest.get(host);
    if (since === undefined) return false;
    if (failures.length === 0 && performance.now() - since < KNOWN_FOR_MS) return true;
    this.atTheirBest.delete(host);
    return false;
  }
}
