import 'reflect-metadata';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import { DispatchRepository, type DispatchLimits } from './dispatch.repository.js';

const LIMITS: DispatchLimits = { window: 4, hostConcurrency: 100, leaseMs: 60_000 };

let database: TestDatabase;
let repository: DispatchRepository;

beforeAll(async () => {
  database = await createDatabase();
  repository = new DispatchRepository(database.dataSource);
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

/** External ids of what a round takes, in its order. */
async function round(limits: Partial<DispatchLimits> = {}): Promise<string[]> {
  const ids = await repository.exclusively('things', (tx) =>
    repository.takeNext(tx, 'things', { ...LIMITS, ...limits }),
  );
  const rows = await database.dataSource.query<Array<{ id: string; external_id: string }>>(
    'SELECT id, external_id FROM import_items WHERE id = ANY($1)',
    [ids],
  );
  const names = new Map(rows.map((row) => [row.id, row.external_id]));
  return ids.map((id) => names.get(id)!);
}

const hosts = (count: number, host = 'a'): string[] => Array.from({ length: count }, () => host);

describe('DispatchRepository', () => {
  it('takes items in the order of the batch, no more than the window holds', async () => {
    await batch(await project('p'), 'i', hosts(9));
    await expect(round()).resolves.toEqual(['i0', 'i1', 'i2', 'i3']);
    await expect(round()).resolves.toEqual([]);
    await database.dataSource.query(
      `UPDATE import_items SET state = 'running' WHERE external_id IN ('i0', 'i1')`,
    );
    await expect(round()).resolves.toEqual(['i4', 'i5']);
  });

  it('takes turns between projects, however much one of them has', async () => {
    await batch(await project('p'), 'many', hosts(100));
    await batch(await project('q'), 'few', hosts(2));
    await expect(round()).resolves.toEqual(['many0', 'few0', 'many1', 'few1']);
  });

  it('takes turns between the imports of a project', async () => {
    const p = await project('p');
    await batch(p, 'x', hosts(9));
    await batch(p, 'y', hosts(9));
    await expect(round()).resolves.toEqual(['x0', 'y0', 'x1', 'y1']);
  });

  it('counts what is under way already: who has the least comes first', async () => {
    await batch(await project('p'), 'old', hosts(9));
    await round({ window: 3 });
    await batch(await project('q'), 'new', hosts(9));
    await expect(round({ window: 6 })).resolves.toEqual(['new0', 'new1', 'new2']);
  });

  it('gives a host no more than its share, and passes over it', async () => {
    await batch(await project('p'), 'i', ['slow', 'slow', 'slow', 'fast', 'slow', 'fast']);
    await expect(round({ window: 6, hostConcurrency: 2 })).resolves.toEqual(['i0', 'i1', 'i3', 'i5']);
    await expect(round({ window: 6, hostConcurrency: 2 })).resolves.toEqual([]);
  });

  it('leaves alone what waits for its next try', async () => {
    await batch(await project('p'), 'i', hosts(2));
    await database.dataSource.query(
      `UPDATE import_items SET next_try_at = now() + interval '1 hour' WHERE position = 0`,
    );
    await expect(round()).resolves.toEqual(['i1']);
  });

  it('knows nothing of other kinds', async () => {
    await batch(await project('p'), 'other', hosts(2), 'other');
    await expect(round()).resolves.toEqual([]);
  });

  it('gives no item to two rounds at once', async () => {
    await batch(await project('p'), 'i', hosts(50));
    const rounds = await Promise.all([1, 2, 3, 4].map(() => round({ window: 10 })));
    expect(rounds.flat().toSorted()).toEqual(Array.from({ length: 10 }, (_, place) => `i${place}`));
  });
});
