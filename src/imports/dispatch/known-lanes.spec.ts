import 'reflect-metadata';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LANES, type KnownLanes } from './known-lanes.js';
import type { Lane } from '../item/lane.js';
import { addHosts, addImports, addProject, hostNames, type NewHost } from './testing/backlog.js';
import { openLanesScope, type LanesScope } from './testing/lanes-scope.js';

let scope: LanesScope;

beforeAll(async () => {
  scope = await openLanesScope();
});
afterAll(() => scope?.database.drop());
beforeEach(() => scope.database.dataSource.query('TRUNCATE projects, origin_hosts CASCADE'));

async function batch(name: string, hosts: readonly string[]): Promise<void> {
  const projectId = await addProject(scope.database.dataSource, name);
  await addImports(scope.database.dataSource, [{ projectId, id: name, hosts }]);
}

const hosts = (...rows: NewHost[]): Promise<void> => addHosts(scope.database.dataSource, rows);

/** Continues the walk, as after a signal about new items. */
async function walkOn(known: KnownLanes): Promise<Lane[]> {
  known.forget();
  return [...(await known.current())];
}

const hostsOf = (lanes: readonly Lane[], importId: string): string[] =>
  lanes
    .filter((lane) => lane.importId === importId)
    .map(({ host }) => host)
    .toSorted();

describe('known lanes', () => {
  it('are bounded, and include every project', async () => {
    await batch('many', hostNames(3 * LANES));
    const known = scope.newKnownLanes();
    for (let n = 0; n < 4; n += 1) expect((await walkOn(known)).length).toBeLessThanOrEqual(LANES);
    await batch('few', ['a', 'b']);
    const lanes = await walkOn(known);
    expect(hostsOf(lanes, 'few')).toEqual(['a', 'b']);
    expect(hostsOf(lanes, 'many').length).toBe(LANES - 2);
  });

  it('include those of a higher priority', async () => {
    await batch('many', hostNames(3 * LANES));
    const known = scope.newKnownLanes();
    await walkOn(known);
    const [row] = await scope.database.dataSource.query<Array<{ id: number }>>('SELECT id FROM projects');
    const high = { projectId: row.id, id: 'high', hosts: hostNames(LANES / 2), priority: 1 };
    await addImports(scope.database.dataSource, [high]);
    expect(hostsOf(await walkOn(known), 'high').length).toBe(LANES / 2);
  });

  it('rotate, so that each of thousands of hosts is served', async () => {
    const names = hostNames(3 * LANES);
    await batch('many', names);
    const known = scope.newKnownLanes();
    const served = new Set<string>();
    // Each page adds twice as many lanes as are served before the next page.
    for (let n = 0; served.size < names.length; n += 1) {
      expect(n).toBeLessThan(300);
      for (const lane of (await walkOn(known)).slice(0, LANES / 2)) {
        served.add(lane.host);
        known.noteServed(lane, false);
      }
    }
  });

  it('exclude hosts with an open circuit, which use no space', async () => {
    const down = hostNames(2 * LANES, 'down');
    await hosts(...down.map((host) => ({ host, failingSince: '-1 minute', blockedUntil: '1 hour' })));
    await batch('half', [...down, ...hostNames(40, 'up')]);
    const known = scope.newKnownLanes();
    const lanes = await walkOn(known);
    const all = new Set(lanes.map(({ host }) => host));
    while (all.size < 40) for (const { host } of await walkOn(known)) all.add(host);
    expect([...all].toSorted()).toEqual(hostNames(40, 'up'));
    // Healthy hosts stay, however often the walk meets failing ones.
    for (let n = 0; n < 6; n += 1) expect((await walkOn(known)).length).toBe(40);
  });

  it('drop empty and blocked lanes until the walk meets them again', async () => {
    await batch('p', ['a', 'b', 'c']);
    const known = scope.newKnownLanes();
    const [first, second, third] = await walkOn(known);
    known.noteServed(first, true);
    known.noteBlocked(second, 3_600_000);
    expect(await known.current()).toEqual([third]);
    expect(hostsOf(await walkOn(known), 'p')).toEqual(['a', 'b', 'c']);
  });

  it('report each unreachable lane once', async () => {
    await hosts({ host: 'gone', failingSince: '-2 hours', blockedUntil: '1 minute' });
    await batch('p', ['gone', 'up']);
    await scope.database.dataSource.query(`UPDATE imports SET started_at = now() - interval '2 hours'`);
    const known = scope.newKnownLanes();
    expect((await walkOn(known)).map(({ host }) => host)).toEqual(['up']);
    expect(known.takeUnreachable().map(({ host }) => host)).toEqual(['gone']);
    expect(known.takeUnreachable()).toEqual([]);
  });
});
