import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { DataSource, type EntityManager } from 'typeorm';
import { Environment } from '../../config/environment.js';
import { hotTransaction } from '../../database/hot-transaction.js';
import { FIRST_SHARE, judgeHost, type HostChange, type HostSigns, type HostVerdict } from './host-signs.js';
import { OriginHostsRepository } from './origin-hosts.repository.js';

/** Another worker may see a host fail meanwhile; this one asks for little more than it has in flight. */
const KNOWN_FOR_MS = 1_000;
/** Hosts that are known to have all that is allowed; what does not fit is read from the database again. */
const KNOWN_HOSTS = 1_000;

export interface HostLimits {
  /** Items that a host may have in flight at once, as it is now. */
  hostLimit: (host: string) => number;
  /** How long the circuit of a host stays open, in milliseconds; 0 where it is closed. */
  blockedForMs: (host: string) => number;
}

/** The hosts that items are fetched from: how much each may be asked for, and what their answers say of them. */
@Injectable()
export class OriginHosts {
  /** Hosts that were seen a moment ago to have all that is allowed. */
  private readonly atTheirBest = new LRUCache<string, true>({ max: KNOWN_HOSTS, ttl: KNOWN_FOR_MS });

  constructor(
    private readonly repository: OriginHostsRepository,
    private readonly dataSource: DataSource,
    private readonly environment: Environment,
  ) {}

  /** Limits of the hosts that are named, and of no others. */
  async limits(tx: EntityManager, hosts: readonly string[]): Promise<HostLimits> {
    const known = new Map((await this.repository.limits(tx, hosts)).map((limit) => [limit.host, limit]));
    const { HOST_CONCURRENCY } = this.environment;
    const blockedForMs = (host: string): number => known.get(host)?.blockedForMs ?? 0;
    return {
      blockedForMs,
      hostLimit: (host) =>
        blockedForMs(host) > 0 ? 0 : Math.min(HOST_CONCURRENCY, known.get(host)?.share ?? FIRST_SHARE),
    };
  }

  /** Keeps hosts in mind that have pending items. */
  async renew(hosts: readonly string[]): Promise<void> {
    if (hosts.length === 0) return;
    await hotTransaction(this.dataSource, (tx) => this.repository.renew(tx, hosts), { durable: false });
  }

  /** Removes hosts that have not been heard of for long. */
  async removeExpired(): Promise<void> {
    await hotTransaction(this.dataSource, (tx) => this.repository.removeExpired(tx), { durable: false });
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
    const atTheirBest: string[] = [];
    for (const [host, sign] of news) {
      const verdict = judgeHost(records.get(host), sign, { most, schedule });
      verdicts.set(host, verdict);
      if (verdict.change !== null) changes.set(host, verdict.change);
      else if (sign.failures.length === 0) {
        this.atTheirBest.set(host, true);
        atTheirBest.push(host);
      }
    }
    if (changes.size > 0) await this.repository.save(tx, changes);
    // They go on answering, and nothing else is written of them.
    if (atTheirBest.length > 0) await this.repository.renew(tx, atTheirBest);
    return verdicts;
  }

  /** A host that has all that is allowed and goes on answering is no news, for a moment. */
  private isKnown(host: string, { failures }: HostSigns): boolean {
    if (failures.length === 0 && this.atTheirBest.has(host)) return true;
    this.atTheirBest.delete(host);
    return false;
  }
}
