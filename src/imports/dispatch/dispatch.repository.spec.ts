import 'reflect-metadata';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { ItemRepository } from '../item/item.repository.js';
import { DispatchRepository } from './dispatch.repository.js';
import type { InFlightCount, Portion } from '../item/lane.js';

let database: TestDatabase;
let repository: DispatchRepository;
let items: ItemRepository;

beforeAll(async () => {
  database = await createDatabase();
  repository = new DispatchRepository(database.dataSource);
  items = new ItemRepository(database.dataSource);
});
afterAll(() => database?.drop());
beforeEach(() => database.dataSource.query('TRUNCATE projects CASCADE'));

async function project(name: string): Promise<number> {
  const [row] = await database.dataSource.query<Array<{ id: number }>>(
    `INSERT INTO projects (name, webhook_secrets) VALUES ($1, '[]') RETURNING id`,
    [name],
  );
  return row.id;
}

/** Adds an import with one item per host. */
async function batch(
  projectId: number,
  id: string,
  hosts: readonly string[],
  kind = 'things',
): Promise<void> {
  await database.dataSource.query(
    `INSERT INTO imports (id, project_id, kind, system_name, total) VALUES ($1, $2, $3, 's', $4)`,
    [id, projectId, kind, hosts.length],
  );
  await database.dataSource.query(
    `INSERT INTO import_items (import_id, position, external_id, title, payload, origin_host)
     SELECT $1, place - 1, $1 || (place - 1), 't', '{}', host FROM unnest($2::text[]) WITH ORDINALITY AS host (host, place)`,
    [id, hosts],
  );
}

function set(assignment: string, where: string): Promise<unknown> {
  return database.dataSource.query(`UPDATE import_items SET ${assignment} WHERE ${where}`);
}

function portion(importId: string, host: string, count: number): Portion {
  const lane = { projectId: 0, importId, sequence: 0n, priority: 0, host };
  return { lane, turns: Array.from({ length: count }, (_, turn) => turn + 1) };
}

/** Dispatches portions. @returns external ids of the items, by portion, in execution order */
async function take(...portions: Portion[]): Promise<string[]> {
  const taken = await repository.exclusively((tx) => items.dispatch(tx, portions, 60_000));
  const rows = await database.dataSource.query<Array<{ id: string; external_id: string }>>(
    'SELECT id, external_id FROM import_items WHERE id = ANY($1)',
    [taken.map(({ id }) => id)],
  );
  const names = new Map(rows.map((row) => [row.id, row.external_id]));
  return taken
    .toSorted((a, b) => a.place - b.place || a.rank - b.rank)
    .map(({ id, place, rank }) => `${place}.${rank} ${names.get(id)!}`);
}

const laneOf = ({ importId, host }: InFlightCount): string => `${importId} ${host}`;

describe('items in flight', () => {
  it('are counted by project, import and host, over all kinds', async () => {
    const p = await project('p');
    await batch(p, 'i', ['a', 'a', 'a', 'b', 'b']);
    await batch(p, 'other', ['a'], 'other');
    await set(`state = 'queued', lease_until = now()`, `external_id IN ('i0', 'i3', 'other0')`);
    await set(
      `state = 'running', lease_owner = gen_random_uuid(), lease_until = now()`,
      `external_id IN ('i1', 'i4')`,
    );
    const places = await database.dataSource.transaction((tx) => repository.countInFlight(tx));
    expect(places.toSorted((x, y) => laneOf(x).localeCompare(laneOf(y)))).toEqual([
      { projectId: p, importId: 'i', host: 'a', count: 2, queued: 1 },
      { projectId: p, importId: 'i', host: 'b', count: 2, queued: 1 },
      { projectId: p, importId: 'other', host: 'a', count: 1, queued: 1 },
    ]);
  });
});

describe('dispatching', () => {
  it('follows request order within a lane, and queues each item once', async () => {
    await batch(await project('p'), 'i', ['a', 'b', 'a', 'b', 'a']);
    expect(await take(portion('i', 'a', 2), portion('i', 'b', 1))).toEqual(['0.0 i0', '0.1 i2', '1.0 i1']);
    expect(await take(portion('i', 'a', 2), portion('i', 'b', 2))).toEqual(['0.0 i4', '1.0 i3']);
    expect(await take(portion('i', 'a', 2))).toEqual([]);
  });

  it('prefers the items that have waited longest, and skips items in backoff', async () => {
    await batch(await project('p'), 'i', ['a', 'a', 'a']);
    await set(`due_at = now() + interval '1 hour'`, 'position = 0');
    await set(`due_at = now() - interval '1 hour'`, 'position = 2');
    expect(await take(portion('i', 'a', 9))).toEqual(['0.0 i2', '0.1 i1']);
  });

  it('gives no item to two concurrent rounds', async () => {
    await batch(
      await project('p'),
      'i',
      Array.from({ length: 50 }, () => 'a'),
    );
    const rounds = await Promise.all([1, 2, 3, 4].map(() => take(portion('i', 'a', 10))));
    const names = rounds.flat().map((name) => name.split(' ')[1]);
    expect(new Set(names).size).toBe(40);
  });
});
