import { SHOWN_STATE } from '../shown-state.js';

/** Report columns common to all kinds, with their SQL. */
export const REPORT_COLUMNS = {
  externalId: 'item.external_id',
  state: SHOWN_STATE,
  code: 'item.code',
  reason: 'item.reason',
};
