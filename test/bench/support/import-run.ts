import { setTimeout as wait } from 'node:timers/promises';
import type { ApiClient, FinishedStatus, NewVideo } from '../../support/api.js';

/** Often enough that a tenth of a second is measured well, seldom enough that the API has nothing to do. */
const ASK_EVERY_MS = 10;
const STANDSTILL_MS = 60_000;

/** One video of a batch for each URL; ids are the same in no two batches, so that every video is new. */
export function batchOf(urls: readonly string[]): NewVideo[] {
  return urls.map((url) => {
    const id = new URL(url).pathname;
    return { id, url, fileName: `Video ${id}`, metadata: { credit: 'Reelport', path: id } };
  });
}

export interface RunningStatus {
  finished: false;
  progress: { total: number; pending: number };
}

export interface ImportRun {
  id: string;
  /** From the POST of the batch to the status that says finished. */
  seconds: number;
}

/** Imports a batch of new videos. @throws Error unless all of it succeeded */
export async function runImport(api: ApiClient, urls: readonly string[]): Promise<ImportRun> {
  const videos = batchOf(urls);
  const begin = performance.now();
  const id = await api.importVideos('bench', videos);
  const { overview } = await finished(api, id);
  const seconds = (performance.now() - begin) / 1_000;
  if (overview.success !== urls.length) {
    throw new Error(`Of ${urls.length} videos, these were imported: ${JSON.stringify(overview)}`);
  }
  return { id, seconds };
}

/** Follows an import to its end, which may be far as long as it comes nearer. */
async function finished(api: ApiClient, id: string): Promise<FinishedStatus> {
  let pending = Infinity;
  let deadline = 0;
  for (;;) {
    const { body } = await api.status<FinishedStatus | RunningStatus>(id);
    if (body.finished) return body;
    if (body.progress.pending < pending) {
      pending = body.progress.pending;
      deadline = performance.now() + STANDSTILL_MS;
    }
    if (performance.now() > deadline) throw new Error(`The import stands still: ${JSON.stringify(body)}`);
    await wait(ASK_EVERY_MS);
  }
}
