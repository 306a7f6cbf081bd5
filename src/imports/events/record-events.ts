/** Items per event. */
export const MAX_BUNDLE = 100;

/**
 * Common table expressions that record the events of `changed` (`id`, `import_id`, `state`, `code` of items) and of the
 * imports in `account` that have finished. Plans have no events before they are applied.
 *
 * The ids of an import's events ascend in the order of their commits: `account` holds the lock of the import's row
 * before the first id is drawn, and keeps it until the commit.
 */
export const RECORD_EVENTS = `ended AS (
     SELECT id, import_id, state, code,
       (row_number() OVER (PARTITION BY import_id ORDER BY id) - 1) / ${MAX_BUNDLE} AS bundle
     FROM changed WHERE state <> 'pending'
   ),
   event AS (
     SELECT import_id, bundle, 'items.finished' AS type,
       jsonb_build_object('items', jsonb_agg(jsonb_build_array(id, state, code) ORDER BY id)) AS body
     FROM ended GROUP BY import_id, bundle
     UNION ALL
     SELECT id, NULL, 'import.finished',
       jsonb_build_object('state', state, 'total', total, 'success', success, 'skipped', skipped, 'failed', failed)
     FROM account WHERE "finishedAt" IS NOT NULL
   ),
   recorded AS (
     INSERT INTO import_events (project_id, import_id, type, body)
     SELECT account."projectId", event.import_id, event.type, event.body
     FROM event JOIN account ON account.id = event.import_id AND account."isRun"
     ORDER BY event.import_id, event.bundle NULLS LAST
   )`;

/** Assignment for an import `$1` that continues after its end: its webhook receives the items that finish from now on. */
export const TELL_AGAIN = `told_event_id = CASE
       WHEN 'items.finished' = ANY(webhook_events) THEN coalesce(
         told_event_id, (SELECT id FROM import_events WHERE import_id = $1 ORDER BY id DESC LIMIT 1), 0) END`;
