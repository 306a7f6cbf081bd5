import { readFileSync } from 'node:fs';

/** MP4 files that make a parser misbehave, each a small change of a valid file. */

const fixture = (name: string): Buffer =>
  readFileSync(new URL(`../../../../test/fixtures/${name}`, import.meta.url));

const ABSURD = 0xffff_ffff;

/** Builds a box of ISO/IEC 14496-12. */
export function box(type: string, ...content: Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([uint32(body.length + 8), Buffer.from(type, 'latin1'), body]);
}

export function uint32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => bytes.writeUInt32BE(value, 4 * index));
  return bytes;
}

/** 60 bytes without a track: four billion metadata keys, the first of size 0, which sends a parser into a loop. */
export function endlessKeysWithoutTrack(): Buffer {
  return Buffer.concat([box('ftyp', Buffer.from('isom\0\0\0\0isom')), box('moov', endlessKeys())]);
}

/** The same keys in a playable video. */
export function endlessKeysInVideo(): Buffer {
  return withinMoov(fixture('h264-faststart.mp4'), endlessKeys());
}

/** `pssh` with four billion key ids in 20 bytes. */
export function countlessKeyIds(): Buffer {
  return withinMoov(
    fixture('h264-faststart.mp4'),
    box('pssh', uint32(0x0100_0000), Buffer.alloc(16), uint32(ABSURD, 0)),
  );
}

/** `stz2` with four billion samples of zero bits. */
export function countlessSamples(): Buffer {
  const bytes = fixture('h264-faststart.mp4');
  forgetDuration(bytes);
  for (const at of positionsOf(bytes, 'stsz')) {
    bytes.write('stz2', at, 'latin1');
    bytes.writeUInt32BE(ABSURD, at + 12);
  }
  return bytes;
}

/** `trun` with four billion samples without any data of their own. */
export function countlessSamplesInFragment(): Buffer {
  const bytes = fixture('fragmented.mp4');
  for (const at of positionsOf(bytes, 'trun')) bytes.writeUInt32BE(0, at + 4);
  for (const at of positionsOf(bytes, 'trun')) bytes.writeUInt32BE(ABSURD, at + 8);
  return bytes;
}

/** `tfra` with equal times, which a parser removes one by one: minutes for a million entries. */
export function equalTimes(entries = 1_000_000): Buffer {
  const tfra = box('tfra', uint32(0, 1, 0, entries), Buffer.alloc(entries * 11));
  const mfra = box('mfra', tfra, box('mfro', uint32(0, tfra.length + 24)));
  return Buffer.concat([fixture('fragmented.mp4'), mfra]);
}

function endlessKeys(): Buffer {
  return box('meta', box('keys', uint32(0, ABSURD, 0), Buffer.from('mdta')));
}

/** Appends a box to `moov`, in a file in which no used offset points past `moov`. */
function withinMoov(bytes: Buffer, added: Buffer): Buffer {
  const start = bytes.indexOf('moov') - 4;
  const end = start + bytes.readUInt32BE(start);
  const result = Buffer.concat([bytes.subarray(0, end), added, bytes.subarray(end)]);
  result.writeUInt32BE(end - start + added.length, start);
  return result;
}

/** Clears the declared durations, so that parsers search for the duration elsewhere. */
function forgetDuration(bytes: Buffer): void {
  for (const type of ['mvhd', 'mdhd', 'tkhd']) {
    for (const at of positionsOf(bytes, type)) bytes.writeUInt32BE(0, at + (type === 'tkhd' ? 24 : 20));
  }
}

function positionsOf(bytes: Buffer, type: string): number[] {
  const positions: number[] = [];
  for (let at = bytes.indexOf(type); at !== -1; at = bytes.indexOf(type, at + 1)) positions.push(at);
  return positions;
}
