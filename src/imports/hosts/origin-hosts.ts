import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { DataSource, type EntityManager } from 'typeorm';
import { Environment } from '../../config/environment.js';
import { hotTransaction } from '../../database/hot-transaction.js';
import { FIRST_SHARE, judgeHost, type HostChange, type HostSigns, type HostVerdict } from './host-signs.js';
import { NO_HOST } from './no-host.js';
import { OriginHostsRepository } from './origin-hosts.repository.js';

/** Kept short because another worker may see the host fail meanwhile. */
const KNOWN_FOR_MS = 1_000;
/** Cached hosts at their maximum; others are read from the database. */
const KNOWN_HOSTS = 1_000;

export interface HostLimits {
  /** Current in-flight limit of a host. */
  hostLimit: (host: string) => number;
  /** How long the circuit of a host stays open, in milliseconds; 0 if it is closed. */
  blockedForMs: (host: string) => number;
}

/** Throttles and circuits of origin hosts. */
@Injectable()
export class OriginHosts {
  /** Hosts that recently were at their maximum. */
  private readonly atMaximum = new LRUCache<string, true>({ max: KNOWN_HOSTS, ttl: KNOWN_FOR_MS });

  constructor(
    private readonly repository: OriginHostsRepository,
    private readonly dataSource: DataSource,
    private readonly environment: Environment,
  ) {}

  /** Reads the limits of these hosts; valid for no others. */
  async limits(tx: EntityManager, hosts: readonly string[]): Promise<HostLimits> {
    const known = new Map((await this.repository.limits(tx, hosts)).map((limit) => [limit.host, limit]));
    const { HOST_CONCURRENCY } = this.environment;
    const blockedForMs = (host: string): number => known.get(host)?.blockedForMs ?? 0;
    const limitOf = (host: string): number =>
      blockedForMs(host) > 0 ? 0 : Math.min(HOST_CONCURRENCY, known.get(host)?.share ?? FIRST_SHARE);
    return { blockedForMs, hostLimit: (host) => (host === NO_HOST ? Infinity : limitOf(host)) };
  }

  /** Postpones the expiry of hosts with pending items. */
  async renew(hosts: readonly string[]): Promise<void> {
    if (hosts.length === 0) return;
    await hotTransaction(this.dataSource, (tx) => this.repository.renew(tx, hosts), { durable: false });
  }

  /** Removes expired hosts. */
  async removeExpired(): Promise<void> {
    await hotTransaction(this.dataSource, (tx) => this.repository.removeExpired(tx), { durable: false });
  }

  /** Updates hosts from a batch of attempts. @returns verdicts by host; none for a host without news */
  async note(tx: EntityManager, signs: ReadonlyMap<string, HostSigns>): Promise<Map<string, HostVerdict>> {
    const verdicts = new Map<string, HostVerdict>();
    const news = [...signs].filter(([host, sign]) => !this.isKnown(host, sign));
    if (news.length === 0) return verdicts;
    const records = await this.repository.find(
      tx,
      news.map(([host]) => host),
    );
    const { HOST_CONCURRENCY: maxConcurrency, HOST_RETRY_SCHEDULE: schedule } = this.environment;
    const changes = new Map<string, HostChange>();
    const atMaximum: string[] = [];
    for (const [host, sign] of news) {
      const verdict = judgeHost(records.get(host), sign, { maxConcurrency, schedule });
      verdicts.set(host, verdict);
      if (verdict.change !== null) changes.set(host, verdict.change);
      else if (sign.failures.length === 0) {
        this.atMaximum.set(host, true);
        atMaximum.push(host);
      }
    }
    if (changes.size > 0) await this.repository.save(tx, changes);
    // Nothing else is written for hosts that keep answering, so their expiry is postponed here.
    if (atMaximum.length > 0) await this.repository.renew(tx, atMaximum);
    return verdicts;
  }

  /** Whether a host recently was at its maximum and keeps answering, so that it needs no update. */
  private isKnown(host: string, { failures }: HostSigns): boolean {
    if (failures.length === 0 && this.atMaximum.has(host)) return true;
    this.atMaximum.delete(host);
    return false;
  }
}
