import { statement } from '../../database/statement.js';
import { TELL_AGAIN } from '../events/record-events.js';
import type { ClaimedItem } from '../import-kind.js';
import { COUNT_AND_FINISH, IS_PLAN, patienceOf, type ImportProgress } from './import-progress.js';
import { inSubset, type SubsetParams } from './item-subset.js';
import { assignments, startsFrom } from './transitions.js';

interface ItemId {
  id: string;
}

/** `now()` plus a parameter in milliseconds. */
const after = (parameter: string): string => `now() + ${parameter} * interval '1 millisecond'`;

export const insertItems = statement<[importId: string, itemsJson: string, notBefore: Date | null]>(
  'items.accept',
  `INSERT INTO import_items (import_id, position, external_id, title, payload, origin_host, due_at)
   SELECT $1, position, external_id, title, payload, origin_host, greatest(now(), $3::timestamptz)
   FROM json_to_recordset($2::json)
     AS item (position integer, external_id text, title text, payload jsonb, origin_host text)`,
);

export interface DispatchedItem extends ItemId {
  /** Index of its portion. */
  place: number;
  /** Zero-based rank within the portion, in execution order. */
  rank: number;
}

export const dispatchItems = statement<
  [importIds: readonly string[], hosts: readonly string[], counts: readonly number[], leaseMs: number],
  DispatchedItem
>(
  'items.dispatch',
  `WITH portion AS (
     SELECT import_id, origin_host, count, place::integer - 1 AS place
     FROM unnest($1::text[], $2::text[], $3::integer[]) WITH ORDINALITY AS portion (import_id, origin_host, count, place)
   ),
   due AS (
     SELECT item.id, item.due_at, item.position, portion.place FROM portion CROSS JOIN LATERAL (
       SELECT id, due_at, position FROM import_items
       WHERE import_id = portion.import_id AND origin_host = portion.origin_host
         AND ${startsFrom('dispatch')} AND due_at <= now()
       ORDER BY due_at, position LIMIT portion.count
       FOR UPDATE SKIP LOCKED
     ) item
   ),
   next AS (
     SELECT id, place, row_number() OVER (PARTITION BY place ORDER BY due_at, position)::integer - 1 AS rank FROM due
   )
   UPDATE import_items item SET ${assignments('dispatch', { lease_until: after('$4') })}
   FROM next WHERE item.id = next.id
   RETURNING item.id, next.place, next.rank`,
);

export interface ClaimedRow extends Omit<ClaimedItem, 'sequence'> {
  sequence: string;
}

export const claimItems = statement<
  [owner: string, itemIds: readonly string[], leaseMs: number, kinds: readonly string[]],
  ClaimedRow
>(
  'items.claim',
  `WITH queued AS MATERIALIZED (
     SELECT item.id FROM import_items item JOIN imports import ON import.id = item.import_id
     WHERE item.id = ANY($2::bigint[]) AND ${startsFrom('claim', 'item')} AND import.kind = ANY($4)
     ORDER BY item.id FOR UPDATE OF item
   )
   UPDATE import_items item
   SET ${assignments('claim', { claim: 'claim + 1', lease_owner: '$1', lease_until: after('$3') })}
   FROM queued, imports import
   WHERE item.id = queued.id AND import.id = item.import_id
   RETURNING item.id, item.claim, item.tries, item.code AS "lastCode", import.kind, item.import_id AS "importId", import.sequence,
     import.project_id AS "projectId", import.system_name AS "systemName", item.external_id AS "externalId",
     item.title, item.payload, item.origin_host AS "originHost", ${IS_PLAN} AS "isPlan"`,
);

export const renewItems = statement<[owner: string, itemIds: readonly string[], leaseMs: number]>(
  'items.renew',
  `UPDATE import_items SET ${assignments('renew', { lease_until: after('$3') })}
   WHERE id IN (
     SELECT id FROM import_items WHERE id = ANY($2::bigint[]) AND lease_owner = $1 AND ${startsFrom('renew')}
     FOR UPDATE SKIP LOCKED)`,
);

export const selectOwned = statement<[owner: string, itemIds: readonly string[]], ItemId & { claim: number }>(
  'items.select_owned',
  `SELECT id, claim FROM import_items WHERE id = ANY($2::bigint[]) AND lease_owner = $1 AND ${startsFrom('renew')}`,
);

export const lockClaimed = statement<
  [owner: string, itemIds: readonly string[], claims: readonly number[]],
  ItemId
>(
  'items.lock_claimed',
  `SELECT item.id
   FROM import_items item
   JOIN unnest($2::bigint[], $3::integer[]) AS own (id, claim) ON own.id = item.id AND own.claim = item.claim
   WHERE ${startsFrom('record', 'item')} AND item.lease_owner = $1
   ORDER BY item.id
   FOR UPDATE OF item`,
);

/** Locks in id order, as everywhere, to avoid deadlocks between workers. */
export const lockImports = statement<[itemIds: readonly string[]]>(
  'items.lock_imports',
  `SELECT FROM imports
   WHERE id IN (SELECT import_id FROM import_items WHERE id = ANY($1::bigint[]))
   ORDER BY id FOR NO KEY UPDATE`,
);

/** Counts items that became final or planned; shared by `record`, `plan` and `giveUp`. */
const COUNT_FINAL = `counted AS (
     SELECT import_id,
       count(*) FILTER (WHERE state = 'success') AS success,
       count(*) FILTER (WHERE state = 'skipped') AS skipped,
       count(*) FILTER (WHERE state = 'failed') AS failed,
       count(*) FILTER (WHERE state = 'planned') AS planned,
       count(*) AS ended
     FROM changed WHERE state <> 'pending' GROUP BY import_id
   )`;

export const recordItems = statement<[outcomesJson: string], ImportProgress>(
  'items.record',
  `WITH outcome AS (
     SELECT * FROM json_to_recordset($1::json) AS outcome
       (id bigint, state text, code text, reason text, retryable boolean, "httpStatus" integer, counts boolean, "backoffMs" bigint, result jsonb)
   ),
   changed AS (
     UPDATE import_items item
     SET ${assignments('record', {
       state: 'outcome.state',
       code: 'outcome.code',
       reason: 'outcome.reason',
       retryable: 'outcome.retryable',
       http_status: 'outcome."httpStatus"',
       tries: 'item.tries + CASE WHEN outcome.counts THEN 1 ELSE 0 END',
       due_at: after('outcome."backoffMs"'),
       result: 'outcome.result',
       finished_at: "CASE WHEN outcome.state <> 'pending' THEN now() END",
     })}
     FROM outcome WHERE item.id = outcome.id
     RETURNING item.id, item.import_id, item.state, item.code
   ),
   ${COUNT_FINAL},
   ${COUNT_AND_FINISH}`,
);

export const planItems = statement<[predictionsJson: string], ImportProgress>(
  'items.plan',
  `WITH predicted AS (
     SELECT * FROM json_to_recordset($1::json) AS predicted (id bigint, prediction jsonb)
   ),
   changed AS (
     UPDATE import_items item
     SET ${assignments('plan', { prediction: 'predicted.prediction' })}
     FROM predicted WHERE item.id = predicted.id
     RETURNING item.id, item.import_id, item.state, item.code
   ),
   ${COUNT_FINAL},
   ${COUNT_AND_FINISH}`,
);

export const releaseItems = statement<[owner: string]>(
  'items.release',
  `UPDATE import_items SET ${assignments('release', {})}
   WHERE id IN (
     SELECT id FROM import_items WHERE lease_owner = $1 AND ${startsFrom('release')} ORDER BY id FOR UPDATE)`,
);

export const unqueueItem = statement<[itemId: string]>(
  'items.unqueue',
  `UPDATE import_items SET ${assignments('unqueue', {})} WHERE id = $1 AND ${startsFrom('unqueue')}`,
);

export interface ReclaimedItem extends ItemId {
  /** Claims of it whose lease expired so far. */
  lost: number;
}

export const reclaimItems = statement<[], ReclaimedItem>(
  'items.reclaim',
  `UPDATE import_items item SET ${assignments('reclaim', { lost: 'lost + 1' })}
   WHERE item.id IN (
     SELECT id FROM import_items WHERE ${startsFrom('reclaim')} AND lease_until < now() FOR UPDATE SKIP LOCKED)
   RETURNING item.id, item.lost`,
);

export const requeueItems = statement<[itemIdsWithJob: readonly string[], onlyOverdue: boolean]>(
  'items.requeue',
  `UPDATE import_items item SET ${assignments('requeue', {})}
   WHERE item.id IN (
     SELECT id FROM import_items
     WHERE ${startsFrom('requeue')} AND id <> ALL($1::bigint[]) AND (NOT $2 OR lease_until < now())
     FOR UPDATE SKIP LOCKED)`,
);

export const lockPending = statement<[itemIds: readonly string[]], ItemId>(
  'items.lock_pending',
  `SELECT id FROM import_items WHERE id = ANY($1::bigint[]) AND ${startsFrom('giveUp')} FOR UPDATE SKIP LOCKED`,
);

/**
 * The patience counts from the first failure of the host or the start of the import, whichever is later. By its state
 * instead of `finished_at`, the planner would look for the import among all started ones.
 */
export const lockUnreachable = statement<
  [importIds: readonly string[], hosts: readonly string[], patienceMs: number, count: number],
  ItemId
>(
  'items.lock_unreachable',
  `SELECT item.id
   FROM unnest($1::text[], $2::text[]) AS lane (import_id, host)
   JOIN origin_hosts host ON host.host = lane.host
   JOIN imports import ON import.id = lane.import_id
   CROSS JOIN LATERAL (
     SELECT id FROM import_items
     WHERE import_id = lane.import_id AND origin_host = lane.host AND ${startsFrom('giveUp')}
     ORDER BY due_at, position LIMIT $4
     FOR UPDATE SKIP LOCKED
   ) item
   WHERE host.failing_since < now() - ${patienceOf('$3')} * interval '1 millisecond'
     AND import.finished_at IS NULL AND import.started_at < now() - ${patienceOf('$3')} * interval '1 millisecond'
   LIMIT $4`,
);

const unlessPlan = (value: string): string => `CASE WHEN NOT ${IS_PLAN} THEN ${value} END`;

export const giveUpItems = statement<
  [itemIds: readonly string[], code: string, reason: string, retryable: boolean],
  ImportProgress
>(
  'items.give_up',
  `WITH changed AS (
     UPDATE import_items item
     SET ${assignments('giveUp', {
       state: `CASE WHEN ${IS_PLAN} THEN 'planned' ELSE 'failed' END`,
       code: unlessPlan('$2::text'),
       reason: unlessPlan('$3::text'),
       retryable: unlessPlan('$4::boolean'),
       prediction: `CASE WHEN ${IS_PLAN}
         THEN jsonb_build_object('action', 'fail', 'code', $2::text, 'reason', $3::text, 'retryable', $4::boolean)
         ELSE item.prediction END`,
       finished_at: unlessPlan('now()'),
     })}
     FROM imports import
     WHERE item.id = ANY($1::bigint[]) AND ${startsFrom('giveUp', 'item')} AND import.id = item.import_id
     RETURNING item.id, item.import_id, item.state, item.code
   ),
   ${COUNT_FINAL},
   ${COUNT_AND_FINISH}`,
);

/** Locks in id order. An item claimed meanwhile is locked in its new state. */
export const lockUnfinished = statement<[importId: string, ...SubsetParams], ItemId & { isPlanned: boolean }>(
  'items.lock_unfinished',
  `SELECT id, state = 'planned' AS "isPlanned" FROM import_items
   WHERE import_id = $1 AND ${startsFrom('cancel')} AND ${inSubset(2)}
   ORDER BY id FOR UPDATE`,
);

export const countUnfinished = statement<[importId: string, ...SubsetParams], { count: number }>(
  'items.count_unfinished',
  `SELECT count(*)::integer AS count FROM import_items
   WHERE import_id = $1 AND ${startsFrom('cancel')} AND ${inSubset(2)}`,
);

export const cancelItems = statement<
  [itemIds: readonly string[], code: string, reason: string, retryable: boolean]
>(
  'items.cancel',
  `UPDATE import_items
   SET ${assignments('cancel', { code: '$2', reason: '$3', retryable: '$4', finished_at: 'now()' })}
   WHERE id = ANY($1::bigint[]) AND ${startsFrom('cancel')}`,
);

/**
 * The cancelled items are those that this transaction has written.
 *
 * @param planned number of the cancelled items that had been planned
 */
export const countCancelled = statement<[importId: string, count: number, planned: number], ImportProgress>(
  'items.count_cancelled',
  `WITH changed AS (
     SELECT id, import_id, state, code FROM import_items
     WHERE import_id = $1 AND state = 'failed' AND xmin = pg_current_xact_id()::xid
   ),
   counted AS (
     SELECT $1::text AS import_id, 0 AS success, 0 AS skipped, $2::integer AS failed, -$3::integer AS planned,
       $2::integer - $3::integer AS ended
   ),
   ${COUNT_AND_FINISH}`,
);

/** An import that must not start yet does not start by a retry, either. */
const NOT_BEFORE = `(SELECT greatest(now(), not_before) FROM imports WHERE id = $1)`;

export const retryItems = statement<[importId: string, ...SubsetParams]>(
  'items.retry',
  `UPDATE import_items SET ${assignments('retry', { due_at: NOT_BEFORE })}
   WHERE import_id = $1 AND ${startsFrom('retry')} AND ${inSubset(2)}`,
);

export const countFailed = statement<[importId: string, ...SubsetParams], { count: number }>(
  'items.count_failed',
  `SELECT count(*)::integer AS count FROM import_items
   WHERE import_id = $1 AND ${startsFrom('retry')} AND ${inSubset(2)}`,
);

export const startImportAgain = statement<[importId: string, retried: number]>(
  'items.start_import_again',
  `UPDATE imports
   SET failed = failed - $2, state = 'started', started_at = greatest(now(), not_before), finished_at = NULL,
     ${TELL_AGAIN}
   WHERE id = $1`,
);

export const applyItems = statement<[importId: string]>(
  'items.apply',
  `UPDATE import_items SET ${assignments('apply', {})} WHERE import_id = $1 AND ${startsFrom('apply')}`,
);

/**
 * The import counts as accepted now: of two imports of one medium, the one that was applied or accepted later wins. The
 * sequence is that of the column.
 */
export const applyImport = statement<[importId: string, applied: number]>(
  'items.apply_import',
  `UPDATE imports
   SET planned = planned - $2, state = 'started', applied_at = now(), started_at = now(), finished_at = NULL,
     sequence = nextval('imports_sequence_seq'), ${TELL_AGAIN}
   WHERE id = $1`,
);

export const expireItems = statement<[importId: string, code: string, reason: string, retryable: boolean]>(
  'items.expire',
  `UPDATE import_items
   SET ${assignments('expire', { code: '$2', reason: '$3', retryable: '$4', finished_at: 'now()' })}
   WHERE import_id = $1 AND ${startsFrom('expire')}`,
);
