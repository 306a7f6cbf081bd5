import type { FinishedStatus } from '../support/api.js';
import { fileOf, isVideo, listOf } from './archive.js';
import { expect } from './expect.js';
import { LIST, SYSTEM } from './run-import.js';
import { good, heading, say } from './screen.js';
import type { Stage } from './stage.js';

/** A cause of failures is removed, and its items are retried. */
export async function retryFailed(stage: Stage, { id, overview }: FinishedStatus): Promise<void> {
  const { partner, origin, archive } = stage;
  heading('Mending a failure');
  const { stdout } = await partner.run(0, ['failures', id]);
  say(stdout.replaceAll(/^(?=.)/gm, '  '));
  expect(stdout.includes('HTTP_STATUS 404') && stdout.includes('NOT_A_VIDEO'), 'both groups of failures');
  const [video] = archive.filter(isVideo);
  expect(video !== undefined, 'a video in the archive');
  origin.serve('/gone.mp4', fileOf(video));
  const retried = await partner.run(0, ['retry', id, '--code', 'HTTP_STATUS']);
  expect(retried.stderr.includes('Running 1 item again'), 'one item to run again');
  const watched = await partner.run(1, ['watch', id]);
  expect(watched.stderr.includes(`${overview.failed - 1} failed`), 'one failure less');
  good('The archive has its file back: its item was retried alone, and imported');
}

/** The list and the library are the same, and a signed receipt says so. */
export async function proveCompleteness(
  { partner, origin, archive }: Stage,
  { id }: FinishedStatus,
): Promise<void> {
  heading('Proving completeness');
  await partner.write(
    LIST,
    listOf(
      origin,
      archive.filter((entry) => entry.id !== 'web-page'),
    ),
  );
  const { stderr } = await partner.run(0, ['reconcile', LIST, '--system', SYSTEM]);
  expect(stderr.includes('0 missing, 0 extra'), 'nothing missing, and nothing extra');
  good('The library has exactly the videos of the list');
  const verified = await partner.run(0, ['verify', id]);
  expect(verified.stderr.includes('is valid, and so is its ledger'), 'a valid receipt');
  good('The receipt of the import is signed, and covers every item');
}
