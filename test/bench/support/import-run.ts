import { setTimeout as wait } from 'node:timers/promises';
import type { ApiClient, FinishedStatus, NewVideo } from '../../support/api.js';
import { nextLook } from './next-look.js';

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
  /** From the POST of the batch to its answer. */
  accepted: number;
  /** From the POST of the batch to the status that says finished. */
  seconds: number;
}

/** Imports a batch of new videos. @throws Error unless all of it succeeded */
export async function runImport(api: ApiClient, urls: readonly string[]): Promise<ImportRun> {
  const videos = batchOf(urls);
  const begin = performance.now();
  const id = await api.importVideos('bench', videos);
  const accepted = (performance.now() - begin) / 1_000;
  const { overview } = await finished(api, id, begin);
  const seconds = (performance.now() - begin) / 1_000;
  if (overview.success !== urls.length) {
    throw new Error(`Of ${urls.length} videos, these were imported: ${JSON.stringify(overview)}`);
  }
  return { id, accepted, seconds };
}

/** Imports them in batches of a size, one after the other. */
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

/** Posts a batch and lets it be; seconds to the answer. */
export async function acceptTime(api: ApiClient, urls: readonly string[]): Promise<number> {
  const videos = batchOf(urls);
  const begin = performance.now();
  await api.importVideos('bench', videos);
  return (performance.now() - begin) / 1_000;
}

/** Follows an import to its end, which may be far as long as it comes nearer. */
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
      throw new Error(`The import stands still: ${JSON.stringify(body)}; ${await healthOf(api)}`);
    }
    await wait(nextLook({ elapsed: performance.now() - begin, ...body.progress }));
  }
}

/** What the product says of itself: a full disk, for example, holds every import. */
export async function healthOf(api: ApiClient): Promise<string> {
  const { status, body } = await api.call('GET', '/health/ready');
  return `/health/ready: ${status} ${JSON.stringify(body)}`;
}
