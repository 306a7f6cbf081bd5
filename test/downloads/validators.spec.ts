import { afterAll, beforeAll, expect, it } from 'vitest';
import { Workshop } from './attempts.js';
import { OVERLAP_BYTES } from './behaviour.js';
import { INCOMPLETE_PARTS } from './rare-scripts.js';

let workshop: Workshop;
beforeAll(async () => {
  workshop = await Workshop.open();
});
afterAll(() => workshop.close());

it.each(INCOMPLETE_PARTS)('a %s takes none away from the file', async (_, script) => {
  const { last, failures, current, sent } = await workshop.run(script);
  expect(failures).toHaveLength(1);
  // It was a part that completed the file, and not the file once more.
  expect(sent).toBe(current.length + OVERLAP_BYTES);
  expect(last).toMatchObject({
    validators: { etag: expect.stringContaining('"v0"'), lastModified: expect.stringContaining('2019') },
  });
});
