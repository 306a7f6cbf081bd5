import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { FinishedStatus } from '../support/api.js';
import { isVideo, listOf, type Entry } from './archive.js';
import { expect, expectEqual } from './expect.js';
import { finishedStatus, LIST, resultOf, SYSTEM } from './run-import.js';
import { good, heading } from './screen.js';
import type { Stage } from './stage.js';

/** In an empty library, videos are imported and other files are refused, as the plan has predicted. */
export async function firstImport(stage: Stage): Promise<FinishedStatus> {
  const { archive, partner, receiver } = stage;
  const videos = archive.filter(isVideo).length;
  const failed = archive.length - videos;

  heading(`Planning the import of ${archive.length} URLs, one with a typing error`);
  const list = listOf(stage.origin, archive);
  const plan = ['plan', LIST, '--system', SYSTEM, '--webhook', receiver.url('/hook')];
  await partner.write(LIST, list.replace(',http:', ',htp:'));
  const refused = await partner.run(3, plan);
  expect(
    refused.stderr.includes(`${LIST}:2:3 url: Must start with http`),
    'the line and column of the mistake',
  );
  good('The typing error was found before anything was sent');
  await partner.write(LIST, list);
  const planned = await partner.run(1, plan);
  expect(
    planned.stderr.includes(`${videos} to create, 0 to update, 0 to skip, ${failed} will fail`),
    'the predicted totals',
  );
  good(`${videos} videos and ${failed} failures predicted; nothing was imported`);

  heading('Applying the plan');
  await partner.run(1, ['apply', '--state', `${LIST}.plan.json`, '--result', 'results.csv']);
  const finished = await finishedStatus(stage, `${LIST}.plan.json`);
  expectEqual(
    finished.overview,
    { total: archive.length, success: videos, skipped: 0, failed },
    'the overview',
  );
  for (const entry of archive) checkResult(finished, entry);
  good(`${videos} videos imported, each with the size and MIME type of its bytes`);
  for (const entry of archive.filter((entry) => !isVideo(entry))) {
    good(`${entry.id} refused: ${String(resultOf(finished, entry).reason)}`);
  }
  const rows: Array<Record<string, string>> = parse(
    await readFile(join(partner.folder, 'results.csv'), 'utf8'),
    { columns: true },
  );
  expectEqual(rows.length, archive.length, 'the lines of results.csv');
  for (const row of rows) {
    const outcome = row['state'] === 'failed' ? `fail ${row['code']}` : 'create ';
    expectEqual(
      `${row['predicted']} ${row['predictedCode']}`,
      outcome,
      `the prediction of ${row['externalId']}`,
    );
  }
  good('Every outcome is as predicted');
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
