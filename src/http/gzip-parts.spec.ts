import { createGunzip, gunzipSync } from 'node:zlib';
import { array, assert, asyncProperty, boolean, record, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compressedPart, GzipStream, storedPart } from './gzip-parts.js';

describe('a gzip stream of shared parts', () => {
  it('contains them in the order in which they were added, whatever they are', async () => {
    // Readers check the length and the checksum of the whole.
    const part = record({
      content: uint8Array({ maxLength: 3_000 }).map((bytes) => Buffer.from(bytes)),
      isStored: boolean(),
    });
    await assert(
      asyncProperty(array(part, { maxLength: 12 }), async (parts) => {
        const shared = await Promise.all(
          parts.map(({ content, isStored }) =>
            Promise.resolve(isStored ? storedPart(content) : compressedPart(content)),
          ),
        );
        for (const order of [shared, shared.toReversed()]) {
          const stream = new GzipStream();
          const bytes = [stream.header, ...order.map((each) => stream.add(each)), stream.end()];
          const contents = parts.map(({ content }) => content);
          const expected = Buffer.concat(order === shared ? contents : contents.toReversed());
          expect(gunzipSync(Buffer.concat(bytes))).toEqual(expected);
        }
      }),
    );
  });

  it('can be read up to each part as soon as it was added', async () => {
    const gunzip = createGunzip();
    const stream = new GzipStream();
    gunzip.write(stream.header);
    const read = gunzip[Symbol.asyncIterator]();
    for (const content of ['first', 'second '.repeat(1_000), 'third']) {
      gunzip.write(stream.add(await compressedPart(Buffer.from(content))));
      let text = '';
      while (text.length < content.length) text += String((await read.next()).value);
      expect(text).toBe(content);
    }
    gunzip.end(stream.end());
    expect(await read.next()).toEqual({ done: true, value: undefined });
  });

  it('ends each part with an empty stored block, until which some readers keep its end back', async () => {
    const content = Buffer.from('text');
    for (const part of [storedPart(content), await compressedPart(content)])
      expect(part.compressed.subarray(-4)).toEqual(Buffer.from([0, 0, 0xff, 0xff]));
  });

  it('compresses, and keeps short parts as they are', async () => {
    const content = Buffer.from('{"state":"success"}'.repeat(500));
    expect((await compressedPart(content)).compressed.length).toBeLessThan(content.length / 20);
    expect(storedPart(content).compressed.includes(content)).toBe(true);
    expect(() => storedPart(Buffer.alloc(65_536))).toThrow(RangeError);
  });
});
