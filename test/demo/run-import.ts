import { setTimeout as wait } from 'node:timers/promises';
import type { FinishedStatus } from '../support/api.js';
import { batchOf, type Entry } from './archive.js';
import { expect } from './expect.js';
import { bar, clearBar, paint, table } from './screen.js';
import type { Stage } from './stage.js';

export const SYSTEM = 'demo-archive';
const POLL_EVERY_MS = 50;
const LIMIT_MS = 60_000;

interface RunningStatus {
  finished: false;
  progress: { total: number; pending: number };
}

export type Result = FinishedStatus['videos'][number];

/** Posts a batch, polls its status like a partner does, and prints the results. */
export async function runImport({ api, origin, receiver }: Stage, entries: Entry[]): Promise<FinishedStatus> {
  const id = await api.importVideos(SYSTEM, batchOf(origin, entries), { webhook: receiver.url('/hook') });
  const limit = Date.now() + LIMIT_MS;
  for (;;) {
    const { body } = await api.status<FinishedStatus | RunningStatus>(id);
    if (body.finished) {
      clearBar();
      show(body);
      return body;
    }
    const { total, pending } = body.progress;
    bar(total - pending, total);
    expect(Date.now() < limit, `the import to be finished within ${LIMIT_MS / 1_000} s`);
    await wait(POLL_EVERY_MS);
  }
}

const COLOURS = { success: 'green', skipped: 'yellow', failed: 'red' } as const;

function show({ videos }: FinishedStatus): void {
  table(
    ['externalId', 'state', 'why', 'size', 'MIME type', 'mediaId'],
    videos.map(({ externalId, state, reason, code, video }) => [
      externalId,
      paint(COLOURS[state], state),
      text(code ?? reason),
      video === undefined ? '' : `${text(video['width'])}×${text(video['height'])}`,
      text(video?.['mimeType']),
      text(video?.['mediaId']),
    ]),
  );
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** The result of an entry. @throws Unexpected if it is missing */
export function resultOf({ videos }: FinishedStatus, { id }: Entry): Result {
  const result = videos.find(({ externalId }) => externalId === id);
  expect(result !== undefined, `a result for ${id}`);
  return result;
}
