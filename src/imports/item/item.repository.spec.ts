import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { array, assert, asyncProperty, boolean, constantFrom, record, subarray } from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../../../test/support/database.js';
import type { ImportMode } from '../import.entity.js';
import { ItemRepository } from './item.repository.js';
import {
  ITEM_STATES,
  TRANSITIONS,
  type ItemState,
  type Transition,
  type TransitionName,
} from './transitions.js';

/** Every column as text. */
interface Row {
  id: string;
  state: ItemState;
  claim: string;
  finished_at: string | null;
  columns: Record<string, string | null>;
}

interface Step {
  name: TransitionName;
  /** Positions of the affected items. */
  positions: number[];
  /** Varies a step: expired leases, attempts that count, and so on. */
  flag: boolean;
  outcome: 'success' | 'skipped' | 'failed' | 'pending';
}

const ITEMS = 4;
/** Sets of walks within which every transition occurs. */
const MOST_SETS = 10;
const WALKS = 200;
const owner = randomUUID();
const failure = { code: 'X', reason: 'x', retryable: true };

/** Transitions that change all named items; `reclaim` and `requeue` only change those whose lease has expired. */
const CHANGES_ALL = new Set<TransitionName>([
  'claim',
  'record',
  'plan',
  'apply',
  'expire',
  'unqueue',
  'release',
  'giveUp',
  'cancel',
  'retry',
]);

let database: TestDatabase;
let items: ItemRepository;
let projectId: number;
let sequence = 0;

beforeAll(async () => {
  database = await createDatabase();
  items = new ItemRepository(database.dataSource);
  [{ id: projectId }] = await database.dataSource.query<[{ id: number }]>(
    `INSERT INTO projects (name, webhook_secrets) VALUES ('p', '[]') RETURNING id`,
  );
});
afterAll(() => database?.drop());

async function accept(mode: ImportMode = 'run'): Promise<string> {
  const id = `import${(sequence += 1)}`;
  const { dataSource } = database;
  await dataSource.query(
    `INSERT INTO imports (id, project_id, kind, system_name, total, mode) VALUES ($1, $2, $1, 's', $3, $4)`,
    [id, projectId, ITEMS, mode],
  );
  const batch = Array.from({ length: ITEMS }, (_, index) => ({
    externalId: `${id}-${index}`,
    title: 't',
    payload: {},
    originHost: 'h',
  }));
  await dataSource.transaction((tx) => items.accept(tx, id, batch));
  return id;
}

function rowsOf(importId: string): Promise<Row[]> {
  return database.dataSource.query(
    `SELECT id, state, claim::text AS claim, finished_at::text AS finished_at, json_object_agg(key, value) AS columns
     FROM import_items item CROSS JOIN LATERAL jsonb_each_text(to_jsonb(item))
     WHERE import_id = $1 GROUP BY id ORDER BY position`,
    [importId],
  );
}

/** Whether the callers of the repository take such a step: an attempt knows whether it is part of a plan, for instance. */
async function isPossible({ name }: Step, importId: string): Promise<boolean> {
  const [{ isPlan, isPlanned }] = await database.dataSource.query<[{ isPlan: boolean; isPlanned: boolean }]>(
    `SELECT mode = 'plan' AND applied_at IS NULL AS "isPlan", state = 'planned' AS "isPlanned"
     FROM imports WHERE id = $1`,
    [importId],
  );
  if (name === 'plan') return isPlan;
  if (name === 'record' || name === 'retry') return !isPlan;
  return isPlanned || (name !== 'apply' && name !== 'expire');
}

/** Applies a step to the named items. */
async function take(step: Step, importId: string, before: readonly Row[]): Promise<void> {
  const { dataSource } = database;
  const named = before.filter((_, index) => step.positions.includes(index));
  const ids = named.map(({ id }) => id);
  const leaseMs = step.flag ? -1_000 : 60_000;
  const lane = { projectId, importId, sequence: 0n, priority: 0, host: 'h' };
  switch (step.name) {
    case 'dispatch':
      await dataSource.transaction((tx) => items.dispatch(tx, [{ lane, turns: ids.map(Number) }], leaseMs));
      return;
    case 'claim':
      await items.claim(owner, ids, leaseMs, [importId]);
      return;
    case 'renew':
      return items.renew(owner, ids, leaseMs);
    case 'record':
      await dataSource.transaction(async (tx) => {
        const own = await items.lockClaimed(
          tx,
          owner,
          named.map(({ id, claim }) => ({ id, claim: Number(claim) })),
        );
        const nothing = {
          code: null,
          reason: null,
          retryable: null,
          httpStatus: null,
          result: null,
          backoffMs: 0,
        };
        const outcomes = [...own].map((id) => ({ id, state: step.outcome, counts: step.flag, ...nothing }));
        await items.record(tx, outcomes);
      });
      return;
    case 'plan':
      await dataSource.transaction(async (tx) => {
        const claimed = named.map(({ id, claim }) => ({ id, claim: Number(claim) }));
        const own = await items.lockClaimed(tx, owner, claimed);
        await items.record(
          tx,
          [],
          [...own].map((id) => ({ id, prediction: { action: 'create' } })),
        );
      });
      return;
    case 'apply':
      await dataSource.transaction((tx) => items.apply(tx, importId));
      return;
    case 'expire':
      await dataSource.transaction((tx) => items.expire(tx, importId, failure));
      return;
    case 'release':
      return items.release(owner);
    case 'unqueue':
      for (const id of ids) await items.unqueue(id);
      return;
    case 'reclaim':
      await items.reclaim();
      return;
    case 'requeue':
      await items.requeue(ids, step.flag);
      return;
    case 'giveUp':
      await dataSource.transaction(async (tx) => items.giveUp(tx, await items.lockPending(tx, ids), failure));
      return;
    case 'cancel':
      await dataSource.transaction((tx) => items.cancel(tx, importId, failure));
      return;
    case 'retry':
      await dataSource.transaction((tx) => items.retry(tx, importId));
  }
}

/** Changes by a step that the transition table does not allow. */
function deviations(step: Step, before: Row, after: Row, isNamed: boolean): string[] {
  const { from, to, sets, resets }: Transition = TRANSITIONS[step.name];
  const changed = Object.keys(before.columns).filter(
    (column) => before.columns[column] !== after.columns[column],
  );
  const mustChange = isNamed && from.includes(before.state) && CHANGES_ALL.has(step.name);
  if (changed.length === 0) return mustChange ? [`${step.name} left ${before.state} as it was`] : [];
  const allowed = ['state', ...sets, ...resets];
  return [
    ...(from.includes(before.state) ? [] : [`${step.name} changed ${before.state}`]),
    ...(to.includes(after.state) ? [] : [`${step.name} led to ${after.state}`]),
    ...changed.filter((column) => !allowed.includes(column)).map((column) => `${step.name} wrote ${column}`),
    ...resets
      .filter(
        (column) => column !== 'due_at' && ![null, '0'].some((initial) => initial === after.columns[column]),
      )
      .map((column) => `${step.name} kept ${column}`),
  ];
}

function isName(name: string): name is TransitionName {
  return name in TRANSITIONS;
}

/** Steps towards running items are more frequent, because it takes several of them. */
const NAMES: TransitionName[] = [
  ...Object.keys(TRANSITIONS).filter(isName),
  ...Array.from({ length: 4 }, () => ['dispatch', 'claim', 'record', 'plan'] as const).flat(),
  ...Array.from({ length: 2 }, () => ['apply', 'expire'] as const).flat(),
];

const steps = array(
  record<Step>({
    name: constantFrom(...NAMES),
    positions: subarray([0, 1, 2, 3]),
    flag: boolean(),
    outcome: constantFrom('success', 'skipped', 'failed', 'pending'),
  }),
  { minLength: 20, maxLength: 30 },
);

/** Transitions that affect all items in a state, not only the named ones. */
const ABOUT_ALL = new Set<TransitionName>(['release', 'cancel', 'retry', 'apply', 'expire']);

describe('an item', () => {
  it('changes only as the transition table allows, in any order of steps', async () => {
    const seen = new Set<string>();
    const walks = asyncProperty(constantFrom('run', 'plan'), steps, async (mode, walk) => {
      const importId = await accept(mode);
      let before = await rowsOf(importId);
      for (const step of walk) {
        if (!(await isPossible(step, importId))) continue;
        await take(step, importId, before);
        const after = await rowsOf(importId);
        const found = before.flatMap((row, index) =>
          deviations(step, row, after[index], ABOUT_ALL.has(step.name) || step.positions.includes(index)),
        );
        expect(found).toEqual([]);
        before.forEach((row, index) => {
          if (row.state !== after[index].state)
            seen.add(`${step.name}: ${row.state} → ${after[index].state}`);
        });
        before = after;
      }
      const [row] = await database.dataSource.query<
        [{ ended: number; planned: number; unfinished: boolean }]
      >(
        `SELECT success + skipped + failed AS ended, planned, state = 'started' AS unfinished FROM imports WHERE id = $1`,
        [importId],
      );
      const ended = before.filter(({ finished_at }) => finished_at !== null).length;
      const planned = before.filter(({ state }) => state === 'planned').length;
      expect(row).toEqual({ ended, planned, unfinished: ended + planned < ITEMS });
    });
    // Together, the walks must cover every transition that changes a state.
    const expected = Object.entries<Transition>(TRANSITIONS).flatMap(([name, { from, to }]) =>
      from.flatMap((state) =>
        to.filter((target) => target !== state).map((target) => `${name}: ${state} → ${target}`),
      ),
    );
    // Rare ones need luck: another set of walks has it.
    for (let sets = 0; sets < MOST_SETS && (sets === 0 || seen.size < expected.length); sets++) {
      await assert(walks, { numRuns: WALKS });
    }
    expect([...seen].toSorted()).toEqual(expected.toSorted());
  });
});

describe('the constraints', () => {
  it.each([
    `UPDATE import_items SET state = 'lost'`,
    `UPDATE import_items SET state = 'running', lease_until = now()`,
    `UPDATE import_items SET state = 'queued'`,
    `UPDATE import_items SET lease_owner = gen_random_uuid()`,
    `UPDATE import_items SET state = 'success'`,
    `UPDATE import_items SET finished_at = now()`,
    `UPDATE imports SET state = 'over'`,
    `UPDATE imports SET state = 'failed'`,
    `UPDATE imports SET finished_at = now()`,
  ])('refuse %s', async (sql) => {
    const importId = await accept();
    const where = sql.includes('import_items') ? 'import_id' : 'id';
    await expect(database.dataSource.query(`${sql} WHERE ${where} = $1`, [importId])).rejects.toThrow(
      '_check',
    );
  });

  it('include every state', async () => {
    const [{ definition }] = await database.dataSource.query<[{ definition: string }]>(
      `SELECT pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE conname = 'import_items_state_check'`,
    );
    expect(definition.match(/'(\w+)'/g)?.map((literal) => literal.slice(1, -1))).toEqual([...ITEM_STATES]);
  });
});
