import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { WaitingRepository, type Backlog } from './waiting.repository.js';

/** Maximum age of the cached backlog, so that frequent reads do not load the database. */
const FRESH_MS = 1_000;

/** Caches the backlog for health checks and metrics; concurrent reads share one query. */
@Injectable()
export class RecentBacklog {
  private readonly looks: LRUCache<'backlog', Backlog>;

  constructor(repository: WaitingRepository) {
    this.looks = new LRUCache({ max: 1, ttl: FRESH_MS, fetchMethod: () => repository.backlog() });
  }

  read(): Promise<Backlog> {
    return this.looks.forceFetch('backlog');
  }
}
