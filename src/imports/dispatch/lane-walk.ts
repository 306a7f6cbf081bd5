import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { DataSource, type EntityManager } from 'typeorm';
import { Environment } from '../../config/environment.js';
import { hotTransaction } from '../../database/hot-transaction.js';
import { OriginHosts } from '../hosts/origin-hosts.js';
import { RENEWED_BEFORE_MS } from '../hosts/origin-hosts.repository.js';
import { ItemWorkers } from '../item-workers.js';
import { LaneWalkRepository, type FoundLane, type Stretch } from './lane-walk.repository.js';

/** Maximum projects, imports and lanes read per page. */
const PROJECTS = 64;
const IMPORTS = 512;
export const PAGE_STEPS = 512;
/** Lanes that an import of high priority gets at least. */
const URGENT_STEPS = 16;
/** Projects and imports whose position in the walk is cached; others start from their beginning. */
const PLACES = 10_000;

interface Places {
  /** Last project of the previous page; 0 at the start. */
  project: number;
  /** By project, the sequence of the last import on its previous page. */
  imports: LRUCache<number, string>;
  /** By import, the last host on its previous page. */
  hosts: LRUCache<string, string>;
}

export interface Page {
  lanes: FoundLane[];
  /** Whether more pages follow; otherwise the next page starts from the beginning. */
  hasMore: boolean;
}

/**
 * Walks cyclically through all lanes of the kinds that this process can run, page by page. The cost of a page is independent of the backlog: its
 * steps are shared equally between projects, and the steps of a project between its imports. Each project and import
 * continues where its previous page ended, so that every lane is met, and 10 000 lanes of one project do not delay
 * another.
 */
@Injectable()
export class LaneWalk {
  private readonly places: Places = {
    project: 0,
    imports: new LRUCache({ max: PLACES }),
    hosts: new LRUCache({ max: PLACES }),
  };

  constructor(
    private readonly dataSource: DataSource,
    private readonly repository: LaneWalkRepository,
    private readonly hosts: OriginHosts,
    private readonly workers: ItemWorkers,
    private readonly environment: Environment,
  ) {}

  async page(): Promise<Page> {
    const page = await hotTransaction(this.dataSource, (tx) => this.read(tx, this.workers.kinds));
    await this.hosts.renew(page.lanes.filter(({ hostExpires }) => hostExpires).map(({ host }) => host));
    return page;
  }

  private async read(tx: EntityManager, kinds: readonly string[]): Promise<Page> {
    const { places } = this;
    const projects = await this.repository.projects(tx, kinds, places.project, PROJECTS);
    const moreProjects = projects.length === PROJECTS;
    places.project = moreProjects ? (projects.at(-1) ?? 0) : 0;
    if (projects.length === 0) return { lanes: [], hasMore: false };
    const perProject = Math.floor(IMPORTS / projects.length);
    const imports = await this.repository.imports(
      tx,
      kinds,
      projects.map((id) => ({ id, after: places.imports.get(id) ?? '0' })),
      perProject,
    );
    // Urgent ones do not move the walk on.
    const inTurn = grouped(
      imports.filter(({ isUrgent }) => !isUrgent),
      ({ projectId }) => projectId,
    );
    const urgentLast = imports.toSorted((a, b) => Number(a.isUrgent) - Number(b.isUrgent));
    const distinct = [...new Map(urgentLast.map((found) => [found.importId, found])).values()];
    const byProject = grouped(distinct, ({ projectId }) => projectId);
    const moreImports = noteEnds(places.imports, projects, {
      limit: () => perProject,
      found: (id) => inTurn.get(id)?.map(({ sequence }) => sequence),
    });
    const stretches = distinct.map(({ projectId, importId, isUrgent }) => ({
      importId,
      after: places.hosts.get(importId) ?? '',
      steps: Math.max(
        isUrgent ? URGENT_STEPS : 1,
        Math.ceil(PAGE_STEPS / projects.length / (byProject.get(projectId)?.length ?? 1)),
      ),
    }));
    const page = await this.lanes(tx, stretches);
    return { lanes: page.lanes, hasMore: moreProjects || moreImports || page.hasMore };
  }

  private async lanes(tx: EntityManager, stretches: readonly Stretch[]): Promise<Page> {
    if (stretches.length === 0) return { lanes: [], hasMore: false };
    const lanes = await this.repository.lanes(tx, stretches, {
      patienceMs: this.environment.HOST_PATIENCE_MS,
      renewedBeforeMs: RENEWED_BEFORE_MS,
    });
    const byImport = grouped(lanes, ({ importId }) => importId);
    const steps = new Map(stretches.map((stretch) => [stretch.importId, stretch.steps]));
    const hasMore = noteEnds(this.places.hosts, [...steps.keys()], {
      limit: (id) => steps.get(id) ?? 0,
      found: (id) => byImport.get(id)?.map(({ host }) => host),
    });
    return { lanes, hasMore };
  }
}

/** Stores the end of each full page, and resets the position of the others. @returns whether any page was full */
function noteEnds<Key extends string | number>(
  ends: LRUCache<Key, string>,
  keys: readonly Key[],
  { limit, found }: { limit: (key: Key) => number; found: (key: Key) => string[] | undefined },
): boolean {
  let hasMore = false;
  for (const key of keys) {
    const own = found(key) ?? [];
    const end = own.length < limit(key) ? undefined : own.at(-1);
    if (end === undefined) ends.delete(key);
    else ends.set(key, end);
    hasMore ||= end !== undefined;
  }
  return hasMore;
}

function grouped<T, Key>(values: readonly T[], keyOf: (value: T) => Key): Map<Key, T[]> {
  const groups = new Map<Key, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(value);
  }
  return groups;
}
