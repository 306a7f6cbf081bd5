import { afterAll, beforeAll, expect, it } from 'vitest';
import { DownloadHarness } from './attempts.js';
import { OVERLAP_BYTES } from './behaviour.js';
import { INCOMPLETE_PARTS } from './rare-scripts.js';

let harness: DownloadHarness;
beforeAll(async () => {
  harness = await DownloadHarness.open();
});
afterAll(() => harness.close());

it.each(INCOMPLETE_PARTS)('a %s keeps all validators of the file', async (_, script) => {
  const { last, failures, current, sent } = await harness.run(script);
  expect(failures).toHaveLength(1);
  // A remaining part completed the file, without a second download.
  expect(sent).toBe(current.length + OVERLAP_BYTES);
  expect(last).toMatchObject({
    validators: { etag: expect.stringContaining('"v0"'), lastModified: expect.stringContaining('2019') },
  });
});
