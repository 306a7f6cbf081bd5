import { SHOWN_STATE } from '../shown-state.js';

/** Report columns common to all kinds, with their SQL. */
export const REPORT_COLUMNS = {
  externalId: 'item.external_id',
  state: SHOWN_STATE,
  code: 'item.code',
  reason: 'item.reason',
};

/** Last columns of the report of a plan: the predicted action and code of each item. */
export const PLAN_COLUMNS = {
  predicted: `item.prediction->>'action'`,
  predictedCode: `item.prediction->>'code'`,
};
