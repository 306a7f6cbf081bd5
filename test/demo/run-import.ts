import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FinishedStatus } from '../support/api.js';
import { listOf, type Entry } from './archive.js';
import { expect } from './expect.js';
import { paint, table } from './screen.js';
import type { Stage } from './stage.js';

export const SYSTEM = 'demo-archive';
export const LIST = 'archive.csv';

/** Imports a list with the command line, and prints the results. */
export async function runImport(
  stage: Stage,
  entries: readonly Entry[],
  code: number,
): Promise<FinishedStatus> {
  const { partner, origin } = stage;
  await partner.write(LIST, listOf(origin, entries));
  await partner.run(code, ['import', LIST, '--system', SYSTEM, '--again', '--result', 'results.csv']);
  return finishedStatus(stage, `${LIST}.reelport.json`);
}

/** Status of the import of a state file. @throws Unexpected if it has not finished */
export async function finishedStatus({ api, partner }: Stage, stateFile: string): Promise<FinishedStatus> {
  const { batches }: { batches: Array<{ importId: string }> } = JSON.parse(
    await readFile(join(partner.folder, stateFile), 'utf8'),
  );
  const [batch] = batches;
  expect(batch !== undefined, `an import in ${stateFile}`);
  const { body } = await api.status<FinishedStatus>(batch.importId);
  expect(body.finished, `the import ${batch.importId} to be finished`);
  show(body);
  return body;
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

export type Result = FinishedStatus['videos'][number];

/** The result of an entry. @throws Unexpected if it is missing */
export function resultOf({ videos }: FinishedStatus, { id }: Entry): Result {
  const result = videos.find(({ externalId }) => externalId === id);
  expect(result !== undefined, `a result for ${id}`);
  return result;
}
