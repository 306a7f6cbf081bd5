import type { ImportSummary } from './import-data.js';

/** The state of an import as a badge shows it: a success with failed items is none at a glance. */
export function stateOf({ state, progress }: ImportSummary): ImportSummary['state'] | 'partial' {
  return state === 'success' && progress.failed > 0 ? 'partial' : state;
}
