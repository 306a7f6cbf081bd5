import type { FinishedStatus } from '../support/api.js';
import { isVideo } from './archive.js';
import { expect, expectEqual } from './expect.js';
import { resultOf, runImport } from './run-import.js';
import { good, heading } from './screen.js';
import type { Stage } from './stage.js';

/** On a repeated batch, successful items are skipped without a download, and failed ones are attempted again. */
export async function secondImport(stage: Stage): Promise<FinishedStatus> {
  const { archive, origin } = stage;
  const videos = archive.filter(isVideo);
  const sent = (): number => videos.reduce((sum, { path }) => sum + origin.bytesSent(`/${path}`), 0);
  heading('Importing the same batch again');
  const before = sent();
  const finished = await runImport(stage, archive, 1);
  const failed = archive.length - videos.length;
  expectEqual(
    finished.overview,
    { total: archive.length, success: 0, skipped: videos.length, failed },
    'the overview',
  );
  for (const entry of videos) {
    expectEqual(resultOf(finished, entry).reason, 'already exists', `the reason of ${entry.id}`);
    expectEqual(origin.requestsTo(`/${entry.path}`).at(-1)?.status, 304, `the answer of the archive`);
  }
  expect(sent() === before, 'no byte of a video to be sent again');
  good(`${videos.length} videos skipped: the archive answered 304 Not Modified and sent no bytes`);
  for (const entry of archive.filter((entry) => !isVideo(entry))) {
    expectEqual(origin.requestsTo(`/${entry.path}`).length, 3, `the requests for ${entry.id}`);
  }
  good(`${failed} failed entries attempted again, with the same failures`);
  return finished;
}
