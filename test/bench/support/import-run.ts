import { setTimeout as wait } from 'node:timers/promises';
import type { ApiClient, FinishedStatus, NewVideo } from '../../support/api.js';
import { nextPoll } from './next-poll.js';

const STANDSTILL_MS = 60_000;

/** A batch with one video for each URL. Ids are unique across batches, so that every video is new. */
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
  /** Seconds from the POST of the batch to its answer. */
  accepted: number;
  /** Seconds from the POST of the batch to the finished status. */
  seconds: number;
}

/** Imports a batch of new videos. @throws Error unless all items succeed */
export async function runImport(api: ApiClient, urls: readonly string[]): Promise<ImportRun> {
  const videos = batchOf(urls);
  const begin = performance.now();
  const id = await api.importVideos('bench', videos);
  const accepted = (performance.now() - begin) / 1_000;
  const { overview } = await finished(api, id, begin);
  const seconds = (performance.now() - begin) / 1_000;
  if (overview.success !== urls.length) {
    throw new Error(`Not all of ${urls.length} videos were imported: ${JSON.stringify(overview)}`);
  }
  return { id, accepted, seconds };
}

/** Imports the videos in sequential batches. */
export async function runBatches(
  api: ApiClient,
  urls: readonly string[],
  batch: number,
): Promise<ImportRun[]> {
  const runs: ImportRun[] = [];
  for (let start = 0; start < urls.length; start += batch) {
    runs.push(await runImport(api, urls.slice(start, start + batch)));
  }
  return runs;
}

/** Posts a batch without waiting for its end. Returns the seconds until the answer. */
export async function acceptTime(api: ApiClient, urls: readonly string[]): Promise<number> {
  const videos = batchOf(urls);
  const begin = performance.now();
  await api.importVideos('bench', videos);
  return (performance.now() - begin) / 1_000;
}

/** Polls an import until it is finished; fails if it makes no progress. */
async function finished(api: ApiClient, id: string, begin: number): Promise<FinishedStatus> {
  let pending = Infinity;
  let deadline = 0;
  for (;;) {
    const { body } = await api.status<FinishedStatus | RunningStatus>(id);
    if (body.finished) return body;
    if (body.progress.pending < pending) {
      pending = body.progress.pending;
      deadline = performance.now() + STANDSTILL_MS;
    }
    if (performance.now() > deadline) {
      throw new Error(
        `The import made no progress for ${STANDSTILL_MS / 1_000} s: ${JSON.stringify(body)}; ${await healthOf(api)}`,
      );
    }
    await wait(nextPoll({ elapsed: performance.now() - begin, ...body.progress }));
  }
}

/** State of the product for an error message: a full disk, for example, holds every import. */
export async function healthOf(api: ApiClient): Promise<string> {
  const { status, body } = await api.call('GET', '/health/ready');
  return `/health/ready: ${status} ${JSON.stringify(body)}`;
}
