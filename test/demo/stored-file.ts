import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { FinishedStatus } from '../support/api.js';
import { fileOf, isVideo } from './archive.js';
import { expect } from './expect.js';
import { resultOf } from './run-import.js';
import { good, heading } from './screen.js';
import type { Stage } from './stage.js';

/** Compares the file at `originalUrl` with the archive, byte by byte. */
export async function checkStoredFile({ archive }: Stage, finished: FinishedStatus): Promise<void> {
  heading('The stored file');
  const entry = archive.find(isVideo);
  expect(entry !== undefined, 'a video in the archive');
  const url = resultOf(finished, entry).video?.['originalUrl'];
  expect(typeof url === 'string', 'an originalUrl');
  const response = await fetch(url);
  expect(response.status === 200, `200 from ${url}, not ${response.status}`);
  const stored = Buffer.from(await response.arrayBuffer());
  expect(stored.equals(await readFile(fileOf(entry))), `the bytes of ${entry.path} at ${url}`);
  const hash = createHash('sha256').update(stored).digest('hex').slice(0, 16);
  good(`${entry.path} stored unchanged: ${stored.length} bytes, SHA-256 ${hash}…`);
}
