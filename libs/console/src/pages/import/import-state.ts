import type { ImportSummary } from './import-data.js';

type Shown = ImportSummary['state'] | 'partial' | 'scheduled';

/**
 * The state of an import as a badge shows it: a success with failed items is none at a glance, and what starts later
 * does not run.
 *
 * @param now in milliseconds since the epoch
 */
export function stateOf(summary: ImportSummary, now: number): Shown {
  const { state, progress } = summary;
  if (state === 'started' && isScheduled(summary, now)) return 'scheduled';
  return state === 'success' && progress.failed > 0 ? 'partial' : state;
}

/** Whether an import has not begun because its partner wants it to begin later. */
export function isScheduled({ notBefore, finishedAt }: ImportSummary, now: number): boolean {
  return finishedAt === null && notBefore !== null && Date.parse(notBefore) > now;
}
