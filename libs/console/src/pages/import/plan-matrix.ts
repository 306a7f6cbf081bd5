import type { Plan } from './import-data.js';
import { NO_FILTER, type ItemsFilter } from './items-filter.js';

export const ACTIONS = ['create', 'update', 'skip', 'fail'] as const;

export type PlanAction = (typeof ACTIONS)[number];

/** Items for which the plan predicted the same, and that ended in the same way; null: not finished. */
export interface Cell {
  actual: PlanAction | null;
  items: number;
  /** Whether any of them ended otherwise than predicted. */
  hasDrift: boolean;
  filter: ItemsFilter;
}

export interface Row {
  predicted: PlanAction;
  items: number;
  filter: ItemsFilter;
  /** In the order of the columns; undefined where there are no items. */
  cells: Array<Cell | undefined>;
}

/** Columns of outcomes: only those that occur. */
export function columnsOf({ outcomes }: Pick<Plan, 'outcomes'>): Array<PlanAction | null> {
  return [...ACTIONS, null].filter((column) => outcomes.some(({ actual }) => actual === column));
}

/** One row for each action that was predicted. */
export function rowsOf(plan: Pick<Plan, 'outcomes' | 'totals'>): Row[] {
  const columns = columnsOf(plan);
  return ACTIONS.filter((action) => plan.totals[action] > 0).map((predicted) => ({
    predicted,
    items: plan.totals[predicted],
    filter: { ...NO_FILTER, predicted },
    cells: columns.map((actual) => {
      const found = plan.outcomes.find(
        (outcome) => outcome.predicted === predicted && outcome.actual === actual,
      );
      if (found === undefined) return undefined;
      return { actual, items: found.items, hasDrift: found.drift > 0, filter: filterOf(predicted, actual) };
    }),
  }));
}

/** A filter knows states: created and updated items are both successful, and drift tells them apart. */
function filterOf(predicted: PlanAction, actual: PlanAction | null): ItemsFilter {
  const filter = { ...NO_FILTER, predicted };
  if (actual === null) return { ...filter, state: 'pending' };
  if (actual === 'skip') return { ...filter, state: 'skipped' };
  if (actual === 'fail') return { ...filter, state: 'failed' };
  return { ...filter, state: 'success', drift: String(predicted !== actual) };
}
