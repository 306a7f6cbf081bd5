import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { createProber } from './index.js';

const fixture = (name: string): Buffer =>
  readFileSync(new URL(`../../../test/fixtures/${name}`, import.meta.url));
const prober = createProber({ processes: 1 });
afterAll(() => prober.close());

const NAMES = [
  'mpeg4.avi',
  'wmv2.wmv',
  'sorenson.flv',
  'h264.flv',
  'mpeg2.mxf',
  'realvideo.rm',
  'theora.ogv',
  'vp8.ogv',
  'mpeg2.gxf',
];
const CUT = {
  name: 'NotAVideoError',
  kind: 'truncated',
  reason: 'the file ends in the middle of its media data',
};

describe('a file that is shorter than it declares is refused', () => {
  const parts = NAMES.flatMap((name) => [0.25, 0.5, 0.9].map((part): [string, number] => [name, part]));
  it.each(parts)('%s, fraction %f', async (name, part) => {
    const bytes = fixture(name);
    await expect(prober.probe(bytes.subarray(0, bytes.length * part))).rejects.toMatchObject(CUT);
  });
});

/** A broadcast, whose size and packet count are not declared. */
function broadcastAsf(): Buffer {
  const bytes = fixture('wmv2.wmv');
  const properties = bytes.indexOf(Buffer.from('a1dcab8c47a9cf11', 'hex'));
  bytes.writeUInt8(1, properties + 88);
  return bytes.subarray(0, bytes.length * 0.9);
}

function openMxf(): Buffer {
  const bytes = fixture('mpeg2.mxf');
  bytes.fill(0, 44, 52);
  return bytes.subarray(0, bytes.length * 0.9);
}

function liveRealMedia(): Buffer {
  const bytes = fixture('realvideo.rm');
  bytes.writeUInt32BE(0, bytes.indexOf('DATA') + 4);
  return bytes;
}

/** An Ogg file that ends with a complete page, like a stopped live stream. */
function leftOffOgg(): Buffer {
  const bytes = fixture('theora.ogv');
  return bytes.subarray(0, bytes.lastIndexOf('OggS'));
}

function withoutLastSize(): Buffer {
  const bytes = fixture('h264.flv');
  return bytes.subarray(0, bytes.length - 4);
}

const padded = (name: string): Buffer => Buffer.concat([fixture(name), Buffer.alloc(700)]);

describe('a file without a declared length is accepted', () => {
  it.each([
    ['a Windows Media broadcast', broadcastAsf()],
    ['MXF that is still being written', openMxf()],
    ['a live RealMedia stream', liveRealMedia()],
    ['a stopped Ogg stream', leftOffOgg()],
    ['Flash Video without the size of its last tag', withoutLastSize()],
    ...NAMES.map((name): [string, Buffer] => [`${name} with bytes after its end`, padded(name)]),
  ])('%s', async (_, bytes) => {
    expect(await prober.probe(bytes)).toMatchObject({ width: expect.any(Number) });
  });
});
