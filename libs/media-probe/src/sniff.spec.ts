import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { createProber } from './index.js';
import { box } from './testing/hostile-mp4.js';

const fixture = (name: string): Buffer =>
  readFileSync(new URL(`../../../test/fixtures/${name}`, import.meta.url));
const prober = createProber({ processes: 1 });
afterAll(() => prober.close());

const noise = Buffer.alloc(300, 'ff00', 'hex');
const tag = Buffer.concat([Buffer.from('ID3\x04\0\0\0\0\0\x20', 'latin1'), Buffer.alloc(32)]);

/** A file with some bytes changed, by offset. */
function changed(name: string, bytes: Record<number, number>): Buffer {
  const file = fixture(name);
  for (const [at, byte] of Object.entries(bytes)) file.writeUInt8(byte, Number(at));
  return file;
}

/** An MP4 with another brand. */
function branded(brand: string): Buffer {
  const file = fixture('fragmented.mp4');
  file.write(brand, 8, 'latin1');
  return file;
}

const before = (name: string, front: Buffer): Buffer => Buffer.concat([front, fixture(name)]);

describe('a stream is found after its start', () => {
  it.each([
    ['a transport stream from the middle of a packet', fixture('h264.ts').subarray(77), 'mpeg-ts', 'h264'],
    ['M2TS from the middle of a packet', fixture('h264.m2ts').subarray(100), 'mpeg-ts', 'h264'],
    ['a transport stream with bytes in front', before('mpeg2.ts', noise), 'mpeg-ts', 'mpeg2video'],
    [
      'a transport stream without its first sync bytes',
      changed('h264.ts', { 0: 0, 188: 9 }),
      'mpeg-ts',
      'h264',
    ],
    ['a transport stream after an ID3 tag', before('h264.ts', tag), 'mpeg-ts', 'h264'],
    ['a program stream from the middle of a pack', fixture('mpeg2.mpg').subarray(9), 'mpeg-ps', 'mpeg2video'],
    ['a program stream with bytes in front', before('mpeg1.mpg', noise), 'mpeg-ps', 'mpeg1video'],
    ['Flash Video after an ID3 tag', before('h264.flv', tag), 'flv', 'h264'],
    ['Flash Video that declares no tracks', changed('h264.flv', { 4: 0 }), 'flv', 'h264'],
    ['Flash Video that declares only audio', changed('h264.flv', { 4: 4 }), 'flv', 'h264'],
    ['MXF with a run-in', before('mpeg2.mxf', noise), 'mxf', 'mpeg2video'],
  ])('%s', async (_, bytes, container, videoCodec) => {
    expect(await prober.probe(bytes)).toMatchObject({ container, videoCodec });
  });

  it.each(['uuid', 'udta', 'meta', 'emsg', 'free', 'skip', 'wide'])('MP4 after %s', async (type) => {
    const bytes = before('fragmented.mp4', box(type, Buffer.alloc(24)));
    expect(await prober.probe(bytes)).toMatchObject({ mimeType: 'video/mp4', width: 320, height: 180 });
  });
});

describe('a file that only resembles a video is refused', () => {
  it.each([
    ['a camera raw image', branded('crx ')],
    ['a HEIF image', branded('heic')],
    ['a HEIF image', branded('avif')],
    ['an MP3 audio file', before('audio.mp3', tag)],
    [
      'an MP3 audio file',
      Buffer.concat([Buffer.from('ID3\x04\0\0\x7f\x7f\x7f\x7f', 'latin1'), Buffer.alloc(90_000)]),
    ],
    ['of an unknown format', noise],
  ])('as %s', async (kind, bytes) => {
    await expect(prober.probe(bytes)).rejects.toMatchObject({
      name: 'NotAVideoError',
      reason: `the file is ${kind}`,
    });
  });
});
