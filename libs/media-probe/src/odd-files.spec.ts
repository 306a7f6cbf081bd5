import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { createProber } from './index.js';
import { boxAt, parseBoxes, writeBoxes, type Box } from './testing/edit-boxes.js';
import { box, uint32 } from './testing/hostile-mp4.js';

const fixture = (name: string): Buffer =>
  readFileSync(new URL(`../../../test/fixtures/${name}`, import.meta.url));
const prober = createProber({ processes: 1 });
afterAll(() => prober.close());

const verdict = (bytes: Uint8Array) => prober.probe(bytes).catch((error: unknown) => error);

/** A file whose header follows its media data, so that edits to the header do not move the data. */
function edited(name: string, edit: (boxes: Box[]) => void): Buffer {
  const boxes = parseBoxes(fixture(name));
  edit(boxes);
  return writeBoxes(boxes);
}

function before(bytes: Buffer, hexOrText: string): Buffer {
  const mark = /^[\da-f]{8}$/.test(hexOrText) ? Buffer.from(hexOrText, 'hex') : hexOrText;
  return bytes.subarray(0, bytes.indexOf(mark) - (typeof mark === 'string' ? 4 : 0));
}

/** Everything before the first fragment, as fetched by DASH players. */
const initialization = () => before(fixture('fragmented.mp4'), 'moof');

function withoutFragments(): Buffer {
  const bytes = Buffer.from(initialization());
  bytes.write('free', bytes.indexOf('mvex'), 'latin1');
  return bytes;
}

function elsewhere(): Buffer {
  return edited('h264-moov-last.mp4', (boxes) => {
    const reference = box('url ', uint32(0), Buffer.from('http://127.0.0.1:9/film.mp4\0'));
    boxAt(boxes, 'moov trak mdia minf dinf dref').content = Buffer.concat([uint32(0, 1), reference]);
  });
}

function cutInOpenMdat(): Buffer {
  const bytes = fixture('h264-faststart.mp4');
  bytes.writeUInt32BE(0, bytes.indexOf('mdat') - 4);
  return bytes.subarray(0, bytes.length - 4_000);
}

const half = (name: string): Buffer => fixture(name).subarray(0, fixture(name).length / 2);

describe('a video without its complete data in the file is refused', () => {
  const headerAlone = 'the file has a video header but no video data';
  const cut = 'the file ends in the middle of its media data';
  it.each([
    ['an initialization segment', initialization(), 'not-a-video', headerAlone],
    ['a header without samples', withoutFragments(), 'not-a-video', headerAlone],
    ['a WebM header', before(fixture('live.webm'), '1f43b675'), 'not-a-video', headerAlone],
    ['a reference', elsewhere(), 'not-a-video', 'the file references another file for its video data'],
    ['cut media data of unknown length', cutInOpenMdat(), 'truncated', cut],
    ['half an AVI file', half('mpeg4.avi'), 'truncated', cut],
  ])('%s', async (_, bytes, kind, reason) => {
    expect(await verdict(bytes)).toMatchObject({ name: 'NotAVideoError', kind, reason });
  });
});

function compressed(): Buffer {
  return edited('h264-moov-last.mp4', (boxes) => {
    const moov = boxAt(boxes, 'moov');
    const whole = writeBoxes([moov]);
    const packed = box('cmvd', uint32(whole.length), deflateSync(whole));
    moov.children = [];
    moov.content = box('cmov', box('dcom', Buffer.from('zlib')), packed);
  });
}

function handlerLast(): Buffer {
  return edited('h264-moov-last.mp4', (boxes) => {
    const mdia = boxAt(boxes, 'moov trak mdia');
    mdia.children.sort((one, other) => Number(one.type === 'hdlr') - Number(other.type === 'hdlr'));
  });
}

describe('the second parser is used if the first one finds nothing', () => {
  it.each([
    ['a compressed header', compressed()],
    ['a handler after the media information', handlerLast()],
  ])('%s', async (_, bytes) => {
    expect(await verdict(bytes)).toMatchObject({
      videoCodec: 'h264',
      audioCodec: 'aac',
      width: 320,
      height: 180,
    });
  });
});

const fixed = (pixels: number): number => pixels * 65_536;

function tall(
  name: string,
  width: number,
  height: number,
  edit: (boxes: Box[]) => void = () => undefined,
): Buffer {
  return edited(name, (boxes) => {
    const tkhd = boxAt(boxes, 'moov trak tkhd');
    tkhd.content.writeUInt32BE(fixed(width), tkhd.content.length - 8);
    tkhd.content.writeUInt32BE(fixed(height), tkhd.content.length - 4);
    const { content } = boxAt(boxes, 'moov trak mdia minf stbl stsd');
    const pasp = content.indexOf('pasp');
    if (pasp !== -1) content.write('free', pasp, 'latin1');
    edit(boxes);
  });
}

/** Two sample entries, of which the samples use the one of 320×180, and the other is of 64×48. */
function twoEntries(inUse: 1 | 2): Buffer {
  return edited('h264-moov-last.mp4', (boxes) => {
    const stsd = boxAt(boxes, 'moov trak mdia minf stbl stsd');
    const used = stsd.content.subarray(8);
    const other = Buffer.from(used);
    other.writeUInt16BE(64, 32);
    other.writeUInt16BE(48, 34);
    other.write('mp4v', 4, 'latin1');
    stsd.content = Buffer.concat([uint32(0, 2), ...(inUse === 1 ? [used, other] : [other, used])]);
    const { content: stsc } = boxAt(boxes, 'moov trak mdia minf stbl stsc');
    for (let at = 8; at < stsc.length; at += 12) stsc.writeUInt32BE(inUse, at + 8);
  });
}

/** Sets the pixel aspect ratio in the sequence parameter set to 4:3, table E-1 of ITU-T H.264. */
function wideInStream(boxes: Box[]): void {
  const { content } = boxAt(boxes, 'moov trak mdia minf stbl stsd');
  const square = Buffer.from('9f9f01', 'hex');
  content.writeUInt8(14, content.indexOf(square) + square.length - 1);
}

/** A Matroska file in which the element with this ID is replaced by an ignored one. */
function voided(name: string, id: string): Buffer {
  const bytes = fixture(name);
  const at = bytes.indexOf(Buffer.from(id, 'hex'));
  bytes.writeUInt8(0xec, at);
  bytes.writeUInt8((bytes.readUInt8(at + 2) & 0x7f) | 0x80, at + 1);
  bytes.writeUInt8(((bytes.readUInt8(at + 1) & 0x7f) + 1) | 0x80, at + 1);
  return bytes;
}

/** Matroska of 320×180 with other elements of the video instead of its interlacing and colour. */
function withDisplay(hex: string): Buffer {
  const bytes = fixture('h264.mkv');
  const ignored = Buffer.from('9a810255b08455b98101', 'hex');
  const at = bytes.indexOf(ignored);
  if (at === -1 || hex.length !== 2 * ignored.length) throw new Error('There is no place for this');
  bytes.write(hex, at, 'hex');
  return bytes;
}

function unknownUnit(name: string): Buffer {
  const bytes = fixture(name);
  const at = bytes.indexOf(Buffer.from('54ba', 'hex'));
  const length = bytes.readUInt8(at + 2) & 0x7f;
  Buffer.from([0x54, 0xb2, 0x80 + length, ...Array<number>(length - 1).fill(0), 4]).copy(bytes, at);
  return bytes;
}

describe('the size is the display size of a player', () => {
  it.each([
    ['stretched by the track header only', tall('h264-moov-last.mp4', 426, 180), 426, 180],
    ['scaled by the track header', tall('h264-moov-last.mp4', 640, 360), 320, 180],
    ['stretched by H.264 only', tall('sar-16-11.mp4', 180, 144), 262, 144],
    ['stretched by HEVC only', tall('sar-16-11-hevc.mp4', 180, 144), 262, 144],
    ['stretched by MPEG-4 Visual only', tall('sar-16-11-mpeg4.mp4', 180, 144), 262, 144],
    ['stretched by MPEG-2 only', tall('dar-16-9-mpeg2.mp4', 176, 144), 256, 144],
    ['stretched to 4:3 by H.264 only', tall('h264-moov-last.mp4', 320, 180, wideInStream), 427, 180],
    ['from the first sample entry, which is in use', twoEntries(1), 320, 180],
    ['from the second sample entry, which is in use', twoEntries(2), 320, 180],
    ['DisplayWidth without DisplayHeight', voided('sar-64-45.webm', '54ba'), 256, 144],
    ['DisplayWidth 426 alone', withDisplay('54b08201aaec83000000'), 426, 180],
    ['unknown unit of the display size', unknownUnit('sar-64-45.webm'), 180, 144],
    ['DisplayUnit 4 of DisplayWidth 426', withDisplay('54b08201aa54b2820004'), 320, 180],
  ])('%s', async (_, bytes, width, height) => {
    expect(await verdict(bytes)).toMatchObject({ width, height });
  });
});

/** Adds a track of 160×90 before the main one, with one picture or none. */
function withStill(samples: number): Buffer {
  return edited('h264-moov-last.mp4', (boxes) => {
    const { children } = boxAt(boxes, 'moov');
    const first = children.findIndex(({ type }) => type === 'trak');
    const still = parseBoxes(writeBoxes(children.slice(first, first + 1)));
    const { content: tkhd } = boxAt(still, 'trak tkhd');
    tkhd.writeUInt32BE(9, 12);
    const { content: stsd } = boxAt(still, 'trak mdia minf stbl stsd');
    stsd.write('jpeg', 12, 'latin1');
    stsd.writeUInt16BE(160, 40);
    stsd.writeUInt16BE(90, 42);
    boxAt(still, 'trak mdia minf stbl stsz').content.writeUInt32BE(samples, 8);
    children.splice(first, 0, ...still);
  });
}

describe('files of other programs, as public trackers report them', () => {
  it('with a display matrix of zeros, as older mp4box.js writes them, are not rotated', async () => {
    const bytes = fixture('rotated-90.mp4');
    const matrixAt = bytes.indexOf('tkhd') + 4 + 40;
    bytes.fill(0, matrixAt, matrixAt + 36);
    expect(await verdict(bytes)).toMatchObject({ width: 320, height: 180 });
  });

  it('that were fetched before their encoder had written the header are refused', async () => {
    const ftyp = fixture('h264-moov-last.mp4').subarray(0, fixture('h264-moov-last.mp4').readUInt32BE(0));
    const open = Buffer.concat([ftyp, box('free'), uint32(0), Buffer.from('mdat'), Buffer.alloc(5_000, 1)]);
    expect(await verdict(open)).toMatchObject({ reason: 'the file has no movie header' });
  });

  it('with fewer transport packets than MediaInfo needs to synchronise are accepted', async () => {
    expect(await verdict(fixture('h264.ts').subarray(0, 15 * 188))).toMatchObject({
      mimeType: 'video/mp2t',
      width: 320,
      height: 180,
    });
  });
});

describe('the track that plays is chosen', () => {
  it.each([
    ['a still', withStill(1)],
    ['an empty track', withStill(0)],
  ])('after %s', async (_, bytes) => {
    expect(await verdict(bytes)).toMatchObject({ videoCodec: 'h264', width: 320, height: 180 });
  });
});
