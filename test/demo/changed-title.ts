import type { FinishedStatus } from '../support/api.js';
import { isVideo } from './archive.js';
import { expect, expectEqual } from './expect.js';
import { resultOf, runImport } from './run-import.js';
import { good, heading } from './screen.js';
import type { Stage } from './stage.js';

/** After the change of one title, that video gets a new version and all others are skipped. */
export async function changedTitle(stage: Stage, first: FinishedStatus): Promise<void> {
  heading('Importing the videos with one title changed');
  const videos = stage.archive.filter(isVideo);
  const [entry] = videos;
  expect(entry !== undefined, 'a video in the archive');
  const title = 'A better title';
  const changed = videos.map((video) => (video === entry ? { ...video, title } : video));
  const finished = await runImport(stage, changed, 0);
  expectEqual(
    finished.overview,
    { total: videos.length, success: 1, skipped: videos.length - 1, failed: 0 },
    'the overview',
  );
  const { state, video } = resultOf(finished, entry);
  expectEqual(state, 'success', `the state of ${entry.id}`);
  const mediaId = String(video?.['mediaId']);
  expectEqual(mediaId, resultOf(first, entry).video?.['mediaId'], `the mediaId of ${entry.id}`);
  const { body } = await stage.api.call<{ version: number; title: string }>(
    'GET',
    `/api/v1/videos/${mediaId}`,
  );
  expectEqual({ version: body.version, title: body.title }, { version: 2, title }, `the video ${mediaId}`);
  good(`${entry.id} updated: mediaId ${mediaId} unchanged, now version 2, "${title}"`);
  good(`${videos.length - 1} other videos skipped`);
}
