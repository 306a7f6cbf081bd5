import 'reflect-metadata';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PAGE_STEPS, type LaneWalk, type Page } from './lane-walk.js';
import { addHosts, addImports, addProject, hostNames } from './testing/backlog.js';
import { openLanesScope, type LanesScope } from './testing/lanes-scope.js';

let scope: LanesScope;

beforeAll(async () => {
  scope = await openLanesScope();
});
afterAll(() => scope?.database.drop());
beforeEach(() => scope.database.dataSource.query('TRUNCATE projects, origin_hosts CASCADE'));

const project = (name: string): Promise<number> => addProject(scope.database.dataSource, name);
const imports: (...batches: Parameters<typeof addImports>[1]) => Promise<void> = (...batches) =>
  addImports(scope.database.dataSource, batches);

function set(assignment: string, where: string): Promise<unknown> {
  return scope.database.dataSource.query(`UPDATE import_items SET ${assignment} WHERE ${where}`);
}

function named({ lanes }: Page, has: (lane: Page['lanes'][number]) => boolean = () => true): string[] {
  return lanes.filter(has).map(({ importId, host }) => `${importId} ${host}`);
}

/** Reads pages until the walk is complete. */
async function pages(walk: LaneWalk): Promise<Page[]> {
  const all: Page[] = [];
  for (;;) {
    const page = await walk.page();
    all.push(page);
    if (!page.hasMore) return all;
  }
}

describe('lanes', () => {
  it('are the hosts of each import, with imports in acceptance order', async () => {
    const p = await project('p');
    await imports(
      { projectId: p, id: 'z', hosts: ['b', 'a', 'a', 'b', 'a'] },
      { projectId: p, id: 'y', hosts: ['a'] },
    );
    expect(named(await scope.newWalk().page())).toEqual(['z a', 'z b', 'y a']);
  });

  it('are due when their first item is due', async () => {
    const hosts = ['queued', 'later', 'later', 'mixed', 'mixed', 'ended'];
    await imports({ projectId: await project('p'), id: 'i', hosts });
    await set(`state = 'queued', lease_until = now()`, `origin_host = 'queued'`);
    await set(`state = 'success', finished_at = now()`, `origin_host = 'ended'`);
    await set(`due_at = now() + interval '1 hour'`, `origin_host = 'later' OR position = 3`);
    const page = await scope.newWalk().page();
    expect(named(page)).toEqual(['i later', 'i mixed']);
    expect(named(page, ({ isDue }) => isDue)).toEqual(['i mixed']);
  });

  it('are those of all kinds with a worker, in one order', async () => {
    const [p, q] = [await project('p'), await project('q')];
    await imports(
      { projectId: p, id: 'first', hosts: ['a'], kind: 'words' },
      { projectId: p, id: 'second', hosts: ['a'] },
      { projectId: p, id: 'third', hosts: ['a'], kind: 'words' },
      { projectId: q, id: 'fourth', hosts: ['a'], kind: 'words' },
      { projectId: q, id: 'gone', hosts: ['a'], kind: 'gone' },
    );
    const walk = scope.newWalk(['things', 'words']);
    expect(named(await walk.page())).toEqual(['first a', 'second a', 'third a', 'fourth a']);
    expect(await pages(scope.newWalk([]))).toEqual([{ lanes: [], hasMore: false }]);
  });

  it('include the state of their hosts', async () => {
    await addHosts(scope.database.dataSource, [
      { host: 'asks', askedUntil: '1 minute' },
      { host: 'back', blockedUntil: '-1 minute', askedUntil: '-1 second' },
      { host: 'fails', failingSince: '-59 minutes', blockedUntil: '1 minute' },
      { host: 'gone', failingSince: '-61 minutes' },
    ]);
    const p = await project('p');
    await imports({ projectId: p, id: 'i', hosts: ['asks', 'back', 'fails', 'gone', 'new'] });
    // The patience of an import counts from its own start.
    await imports({ projectId: p, id: 'late', hosts: ['gone'] });
    await scope.database.dataSource.query(
      `UPDATE imports SET started_at = now() - interval '2 hours' WHERE id = 'i'`,
    );
    const page = await scope.newWalk().page();
    expect(named(page, ({ isBlocked }) => isBlocked)).toEqual(['i asks', 'i fails']);
    expect(named(page, ({ isUnreachable }) => isUnreachable)).toEqual(['i gone']);
  });
});

describe('hosts', () => {
  it('do not expire while the walk meets their pending items', async () => {
    await addHosts(scope.database.dataSource, [
      { host: 'idle', expiresAt: '1 minute' },
      { host: 'waiting', expiresAt: '1 minute' },
      { host: 'waiting long', expiresAt: '-1 minute' },
    ]);
    await imports({ projectId: await project('p'), id: 'i', hosts: ['waiting', 'waiting long'] });
    await scope.newWalk().page();
    const rows = await scope.database.dataSource.query<unknown[]>(
      `SELECT host, expires_at > now() + interval '9 minutes' AS kept FROM origin_hosts ORDER BY host`,
    );
    expect(rows).toEqual([
      { host: 'idle', kept: false },
      { host: 'waiting', kept: true },
      { host: 'waiting long', kept: true },
    ]);
  });
});

describe('a page', () => {
  it('is bounded and shared between projects, however many hosts one of them has', async () => {
    const [many, few] = [await project('many'), await project('few')];
    const hosts = hostNames(5 * PAGE_STEPS);
    await imports({ projectId: many, id: 'm', hosts }, { projectId: few, id: 'f', hosts: ['a', 'b'] });
    const walk = scope.newWalk();
    const met: string[] = [];
    for (let n = 0; n < 3; n += 1) {
      const page = await walk.page();
      expect(page.lanes.length).toBeLessThanOrEqual(PAGE_STEPS);
      expect(page.hasMore).toBe(true);
      expect(named(page, ({ importId }) => importId === 'f')).toEqual(['f a', 'f b']);
      met.push(...page.lanes.filter(({ importId }) => importId === 'm').map(({ host }) => host));
    }
    // Each page continues after the previous one.
    expect(met).toEqual(hosts.slice(0, met.length));
    expect(met.length).toBe((3 * PAGE_STEPS) / 2);
  });

  it('is shared between the imports of a project', async () => {
    const p = await project('p');
    await imports(
      { projectId: p, id: 'm', hosts: hostNames(2 * PAGE_STEPS) },
      { projectId: p, id: 'f', hosts: ['a'] },
    );
    const page = await scope.newWalk().page();
    expect(named(page)).toContain('f a');
    expect(page.lanes.length).toBe(PAGE_STEPS / 2 + 1);
  });

  it('includes the only import of a project despite thousands of another', async () => {
    const [many, few] = [await project('many'), await project('few')];
    const ids = hostNames(3_000, 'm');
    await imports(...ids.map((id) => ({ projectId: many, id, hosts: ['a'] })));
    await imports({ projectId: few, id: 'f', hosts: ['a'] });
    const walk = scope.newWalk();
    const all = await pages(walk);
    expect(all.every((page) => named(page).includes('f a'))).toBe(true);
    const met = all.flatMap((page) => named(page, ({ importId }) => importId !== 'f'));
    expect(met).toEqual(ids.map((id) => `${id} a`));
  });

  it('includes imports of high priority, however many are in front of them', async () => {
    const p = await project('p');
    const ids = hostNames(1_200, 'n');
    await imports(...ids.map((id) => ({ projectId: p, id, hosts: ['a'] })));
    await imports({ projectId: p, id: 'high', hosts: ['a', 'b'], priority: 1 });
    const all = await pages(scope.newWalk());
    expect(all.length).toBe(3);
    for (const page of all) {
      expect(named(page, ({ priority }) => priority === 1)).toEqual(['high a', 'high b']);
    }
    // They do not move the walk on.
    expect(all.flatMap((page) => named(page, ({ priority }) => priority === 0))).toEqual(
      ids.map((id) => `${id} a`),
    );
  });

  it('rotates projects if there are too many', async () => {
    const ids: string[] = [];
    for (const name of hostNames(100, 'p')) {
      await imports({ projectId: await project(name), id: name, hosts: ['a'] });
      ids.push(`${name} a`);
    }
    const walk = scope.newWalk();
    for (let round = 0; round < 2; round += 1) {
      const all = await pages(walk);
      expect(all.flatMap((page) => named(page))).toEqual(ids);
      expect(all.length).toBe(2);
    }
  });
});
