import type { ItemState } from './item/transitions.js';

/** States of an item as a partner sees them: whether what waits has a job in Bull already is nothing to act on. */
export const SHOWN_STATES = ['pending', 'running', 'planned', 'success', 'skipped', 'failed'] as const;

export type ShownState = (typeof SHOWN_STATES)[number];

/** SQL of the shown state of `item`. */
export const SHOWN_STATE = `CASE item.state WHEN 'queued' THEN 'pending' ELSE item.state END`;

/** The states of rows behind a shown one. */
export function statesBehind(shown: ShownState): ItemState[] {
  return shown === 'pending' ? ['pending', 'queued'] : [shown];
}
