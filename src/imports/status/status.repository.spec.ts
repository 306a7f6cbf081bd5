import 'reflect-metadata';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import type { StoredResult } from '../result/result-field.js';
import { StatusRepository } from './status.repository.js';

const THINGS = {
  name: 'things',
  noun: 'thing',
  result: [{ name: 'place', source: { member: 'at' } }],
};

let database: TestDatabase;
let projectId: number;

beforeAll(async () => {
  database = await createDatabase();
  const [row] = await database.dataSource.query<Array<{ id: number }>>(
    `INSERT INTO projects (name, webhook_secrets) VALUES ('p', '[]') RETURNING id`,
  );
  projectId = row.id;
});
afterAll(() => database?.drop());

/** A finished import whose items cycle through these states. */
async function finished(id: string, count: number, states: readonly string[]): Promise<void> {
  await database.dataSource.query(
    `INSERT INTO imports (id, project_id, kind, system_name, total, state, success, finished_at)
     VALUES ($1, $2, 'things', 's', $3, 'success', $3, now())`,
    [id, projectId, count],
  );
  await database.dataSource.query(
    `INSERT INTO import_items (import_id, position, external_id, title, payload, origin_host, state, result, finished_at)
     SELECT $1, place, place || '"', 't', '{}', 'h', ($3::text[])[1 + place % cardinality($3::text[])],
       jsonb_build_object('at', place, 'other', 0), now()
     FROM generate_series($2 - 1, 0, -1) AS place`,
    [id, count, states],
  );
}

async function statusOf(
  id: string,
  kind: Parameters<StatusRepository['findStatus']>[0] = THINGS,
): Promise<unknown> {
  const texts = await new StatusRepository(database.dataSource).findStatus(kind, projectId, id);
  return texts === null ? null : JSON.parse(texts.join(''));
}

/** The expected item at a position. */
function shown(place: number): object {
  const item = { systemName: 's', externalId: `${place}"`, title: 't' };
  if (place % 3 === 0) return { status: 'success', state: 'success', ...item, thing: { place } };
  if (place % 3 === 1)
    return { status: 'skipped', state: 'skipped', reason: null, ...item, thing: { place } };
  return { status: 'failed', state: 'failed', reason: null, code: null, retryable: null, ...item };
}

it.each([1, 499, 500, 501, 1_001])('status has each of %i items once, in request order', async (count) => {
  const id = `i${count}`;
  await finished(id, count, ['success', 'skipped', 'failed']);
  expect(await statusOf(id)).toEqual({
    finished: true,
    state: 'success',
    id,
    things: Array.from({ length: count }, (_, place) => shown(place)),
    overview: { total: count, success: count, skipped: 0, failed: 0 },
  });
});

it('results that are computed here are those that SQL builds', async () => {
  const states = ['success', 'skipped', 'failed'];
  await finished('both', 501, states);
  const computed = {
    ...THINGS,
    result: [{ name: 'place', source: { compute: ({ at }: StoredResult) => at } }],
  };
  expect(await statusOf('both', computed)).toEqual(await statusOf('both'));
});

it('no status is found under another kind or project', async () => {
  await finished('own', 1, ['success']);
  const repository = new StatusRepository(database.dataSource);
  expect(await repository.findStatus({ ...THINGS, name: 'others' }, projectId, 'own')).toBeNull();
  expect(await repository.findStatus(THINGS, projectId + 1, 'own')).toBeNull();
});
