import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { createProber, type VideoProbe } from './index.js';

const fixture = (name: string): Buffer =>
  readFileSync(new URL(`../../../test/fixtures/${name}`, import.meta.url));
const prober = createProber({ processes: 1 });
afterAll(() => prober.close());

/** Overwrites the bytes at an offset from the first occurrence of `mark`. */
function patched(name: string, mark: string, offset: number, hex: string): Buffer {
  const bytes = fixture(name);
  const encoding = /^[\da-f]{4,}$/.test(mark) ? 'hex' : 'latin1';
  const at = bytes.indexOf(Buffer.from(mark, encoding));
  if (at === -1) throw new Error(`${name} has no ${mark}`);
  bytes.write(hex, at + offset, 'hex');
  return bytes;
}

describe('facts from a file are checked', () => {
  it.each<[string, Buffer, Partial<VideoProbe>]>([
    ['a codec with a NUL', patched('adpcm-ms.mov', 'ms\0\x02', 0, '61006204'), { audioCodec: 'ab' }],
    [
      'a codec of control characters',
      patched('adpcm-ms.mov', 'ms\0\x02', 0, '00010203'),
      { audioCodec: 'unknown' },
    ],
    [
      'a duration of 136 years',
      patched('h264-faststart.mp4', 'mvhd', 16, '00000001fffffff0'),
      { duration: 1 },
    ],
    ['a duration of 10^12 s', patched('h264.mkv', '4489', 3, '430c6bf526340000'), { duration: 1 }],
    ['a duration of 10^297 s', patched('h264.mkv', '4489', 3, '7d8f000000000000'), { duration: 1 }],
    ['a negative duration', patched('h264.mkv', '4489', 3, 'c08f400000000000'), { duration: 1 }],
    ['a duration of NaN', patched('h264.mkv', '4489', 3, '7ff8000000000000'), { duration: 1 }],
    [
      'a pixel aspect ratio near zero',
      patched('sar-16-11.mp4', 'pasp', 4, '00000001ffffffff'),
      { width: 180 },
    ],
    [
      'an excessive pixel aspect ratio',
      patched('sar-16-11.mp4', 'pasp', 4, 'ffffffff00000001'),
      { width: 180 },
    ],
  ])('%s', async (_, bytes, { duration, ...facts }) => {
    const probe = await prober.probe(bytes);
    expect(probe).toMatchObject(facts);
    expect(probe.duration).toBeCloseTo(duration ?? 1, 0);
  });

  it('a picture without a size is refused', async () => {
    const bytes = patched('vp8.webm', 'b0820100', 0, 'b0820000');
    await expect(prober.probe(bytes)).rejects.toMatchObject({ name: 'NotAVideoError', kind: 'not-a-video' });
  });
});
