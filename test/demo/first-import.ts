import type { FinishedStatus } from '../support/api.js';
import { isVideo, type Entry } from './archive.js';
import { expectEqual } from './expect.js';
import { resultOf, runImport } from './run-import.js';
import { good, heading } from './screen.js';
import type { Stage } from './stage.js';

/** In an empty library, videos are imported and other files are refused with a reason. */
export async function firstImport(stage: Stage): Promise<FinishedStatus> {
  const { archive } = stage;
  heading(`Importing ${archive.length} URLs`);
  const finished = await runImport(stage, archive);
  const videos = archive.filter(isVideo).length;
  expectEqual(
    finished.overview,
    { total: archive.length, success: videos, skipped: 0, failed: archive.length - videos },
    'the overview',
  );
  for (const entry of archive) checkResult(finished, entry);
  good(`${videos} videos imported, each with the size and MIME type of its bytes`);
  for (const entry of archive.filter((entry) => !isVideo(entry))) {
    good(`${entry.id} refused: ${String(resultOf(finished, entry).reason)}`);
  }
  return finished;
}

function checkResult(finished: FinishedStatus, entry: Entry): void {
  const { state, code, video } = resultOf(finished, entry);
  if (!isVideo(entry)) {
    expectEqual({ state, ...entry.expected, code }, { state: 'failed', ...entry.expected }, entry.id);
    return;
  }
  const { mimeType, width, height } = entry.expected;
  expectEqual(
    { state, mimeType: video?.['mimeType'], width: video?.['width'], height: video?.['height'] },
    { state: 'success', mimeType, width, height },
    entry.id,
  );
}
