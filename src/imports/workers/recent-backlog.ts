import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { WaitingRepository, type Backlog } from './waiting.repository.js';

/** The backlog as it was at most this long ago: looking often must not load the database. */
const FRESH_MS = 1_000;

/** The backlog for whoever watches the installation: any number of looks at once are one. */
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
