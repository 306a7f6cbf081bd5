/** SQL: what the outcome of `item` did; null until it has finished. */
export const ACTION = `CASE item.state
  WHEN 'skipped' THEN 'skip'
  WHEN 'failed' THEN 'fail'
  WHEN 'success' THEN CASE WHEN item.result->>'version' = '1' THEN 'create' ELSE 'update' END END`;

const IS_COMPARABLE = 'item.finished_at IS NOT NULL AND item.prediction IS NOT NULL';

const DIFFERS = `(item.prediction->>'action' <> ${ACTION}
    OR (item.state = 'failed' AND item.prediction->>'code' IS DISTINCT FROM item.code))`;

/** SQL: whether the outcome of `item` differs from its prediction. */
export const DRIFTS = `(${IS_COMPARABLE} AND ${DIFFERS})`;

/** SQL: whether the outcome of `item` is as predicted. */
export const HOLDS = `(${IS_COMPARABLE} AND NOT ${DIFFERS})`;
