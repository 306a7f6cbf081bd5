import { RECORD_EVENTS } from '../events/record-events.js';
import type { ImportState } from '../import.entity.js';

/** An import whose counters have just changed, with the data for its webhook and its event. */
export interface ImportProgress {
  id: string;
  projectId: number;
  kind: string;
  systemName: string;
  state: ImportState;
  /** Null if there is none, or if `ItemsWebhooks` enqueues its deliveries. */
  webhook: string | null;
  /** JSON text. */
  context: string | null;
  total: number;
  success: number;
  skipped: number;
  failed: number;
  /** Whether its items run: it is no plan, or its plan was applied. */
  isRun: boolean;
  finishedAt: Date | null;
}

const IS_LAST =
  '(import.success + import.skipped + import.failed + import.planned + counted.ended = import.total)';

/** SQL: whether the items of `import` are being planned, or wait until their plan is applied. */
export const IS_PLAN = `(import.mode = 'plan' AND import.applied_at IS NULL)`;

/** A plan predicts that a host stays unreachable once it has failed for this long. */
const PLAN_PATIENCE_MS = 30_000;

/** SQL: how long a failing host may hold up items of `import`, in milliseconds. */
export const patienceOf = (patienceMs: string): string =>
  `(CASE WHEN ${IS_PLAN} THEN least(${patienceMs}::double precision, ${PLAN_PATIENCE_MS})
     ELSE ${patienceMs}::double precision END)`;

/**
 * End of a statement: adds `counted` (`import_id`, `success`, `skipped`, `failed`, `planned`, `ended`) to the counters
 * of its imports, finishes complete imports, records the events of `changed` (`id`, `import_id`, `state`, `code` of
 * items) and returns {@link ImportProgress}. It counts from the row version at the time its
 * lock is granted, not at the start of the statement, because two workers may finish items of one import concurrently.
 */
export const COUNT_AND_FINISH = `account AS (
     UPDATE imports import
     SET success = import.success + counted.success, skipped = import.skipped + counted.skipped,
       failed = import.failed + counted.failed,
       planned = import.planned + counted.planned,
       finished_at = CASE WHEN ${IS_LAST} THEN now() END,
       state = CASE
         WHEN NOT ${IS_LAST} THEN 'started'
         WHEN import.planned + counted.planned > 0 THEN 'planned'
         WHEN import.success + counted.success + import.skipped + counted.skipped > 0 THEN 'success'
         ELSE 'failed' END
     FROM counted WHERE import.id = counted.import_id
     RETURNING import.id, import.project_id AS "projectId", import.kind,
       import.system_name AS "systemName", import.state,
       CASE WHEN import.told_event_id IS NULL THEN import.webhook END AS webhook, import.context,
       import.total, import.success, import.skipped, import.failed, import.finished_at AS "finishedAt",
       NOT ${IS_PLAN} AS "isRun"
   ),
   ${RECORD_EVENTS}
   SELECT * FROM account`;
