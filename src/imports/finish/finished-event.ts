import type { ImportFinished } from '../../extension/define-listener.js';
import type { ImportProgress } from '../item/import-progress.js';

/** Builds the event of a finished import; none while it runs. */
export function finishedEvent(progress: ImportProgress): ImportFinished[] {
  const { id, projectId, kind, systemName, state, total, success, skipped, failed } = progress;
  if (state === 'started' || state === 'planned') return [];
  const overview = { total, success, skipped, failed };
  return [{ type: 'import.finished', projectId, importId: id, kind, systemName, state, overview }];
}
