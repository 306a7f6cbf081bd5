import { applyRandom, type Random } from './random.js';

/** Changes bytes in place, or returns new ones. */
type Mutation = (bytes: Buffer, random: Random) => Buffer;

/** Extreme values for counts and sizes. */
const EXTREMES = [
  0, 1, 2, 7, 8, 9, 0x7f, 0x80, 0xff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff,
];

/** Boxes with a count after version and flags, or one or two fields later. */
const COUNTED =
  'co64 ctts dref elst keys pssh saio saiz sbgp sgpd sidx stco stsc stsd stss stsz stts stz2 tfra trun'.split(
    ' ',
  );

/** Matroska: EBML header, Segment, Info, Tracks, TrackEntry, Cluster, Cues, Seek head, Tags. */
const EBML_IDS = [
  '1a45dfa3',
  '18538067',
  '1549a966',
  '1654ae6b',
  'ae',
  '1f43b675',
  '1c53bb6b',
  '114d9b74',
  '1254c367',
];

const MUTATIONS: readonly Mutation[] = [
  function someBytes(bytes, random) {
    const count = 1 + random.below(12);
    for (let change = 0; change < count; change++) bytes[place(bytes, random)] = random.below(256);
    return bytes;
  },
  function oneBit(bytes, random) {
    const at = place(bytes, random);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
    return bytes;
  },
  function bigEndianField(bytes, random) {
    return field(bytes, place(bytes, random), random, (at, value) => bytes.writeUInt32BE(value, at));
  },
  function littleEndianField(bytes, random) {
    return field(bytes, place(bytes, random), random, (at, value) => bytes.writeUInt32LE(value, at));
  },
  function boxSize(bytes, random) {
    const at = random.of(boxesOf(bytes));
    return at === undefined ? bytes : field(bytes, at, random, (to, value) => bytes.writeUInt32BE(value, to));
  },
  function boxCount(bytes, random) {
    const at = random.of(boxesOf(bytes).filter((box) => COUNTED.includes(typeAt(bytes, box))));
    if (at === undefined) return bytes;
    const offset = random.of([12, 16, 20, 24, 28]) ?? 12;
    return field(bytes, at + offset, random, (to, value) => bytes.writeUInt32BE(value, to));
  },
  function boxType(bytes, random) {
    const boxes = boxesOf(bytes);
    const [to, from] = [random.of(boxes), random.of(boxes)];
    if (to !== undefined && from !== undefined) bytes.copy(bytes, to + 4, from + 4, from + 8);
    return bytes;
  },
  function boxTwice(bytes, random) {
    const at = random.of(boxesOf(bytes));
    if (at === undefined) return bytes;
    const box = bytes.subarray(at, at + bytes.readUInt32BE(at));
    const to = random.of(boxesOf(bytes)) ?? at;
    return Buffer.concat([bytes.subarray(0, to), box, bytes.subarray(to)]);
  },
  function ebmlSize(bytes, random) {
    const id = Buffer.from(random.of(EBML_IDS) ?? '', 'hex');
    const at = bytes.indexOf(id);
    if (at === -1) return bytes;
    const size =
      random.of(['ff', '80', '81', '01ffffffffffffff', '01000000ffffffff', '00', '10ffffff']) ?? '';
    bytes.write(size, at + id.length, 'hex');
    return bytes;
  },
  function cut(bytes, random) {
    return bytes.subarray(0, random.below(bytes.length));
  },
  function piece(bytes, random) {
    const [from, length, to] = [random.below(bytes.length), random.below(2_000), random.below(bytes.length)];
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from, from + length), bytes.subarray(to)]);
  },
  function gap(bytes, random) {
    const at = random.below(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + random.below(2_000))]);
  },
];

/** A copy of a file with one to four mutations. */
export function mutate(original: Buffer, random: Random): Buffer {
  return applyRandom(MUTATIONS, Buffer.from(original), random);
}

/** A random offset; half of them are in the headers, where mutations are most effective. */
function place(bytes: Buffer, random: Random): number {
  return random.below(random.below(2) === 0 ? Math.min(bytes.length, 1_000) : bytes.length);
}

function field(
  bytes: Buffer,
  at: number,
  random: Random,
  write: (at: number, value: number) => void,
): Buffer {
  if (at + 4 > bytes.length) return bytes;
  const value = random.below(3) === 0 ? random.below(2 ** 32) : (random.of(EXTREMES) ?? 0);
  write(at, value);
  return bytes;
}

/** Offsets of everything that looks like a box of ISO/IEC 14496-12, at any depth. */
function boxesOf(bytes: Buffer): number[] {
  const boxes: number[] = [];
  for (let at = 0; at + 8 <= bytes.length; at++) {
    if (
      bytes[at] === 0 &&
      bytes.readUInt32BE(at) <= bytes.length &&
      /^[a-z0-9]{4}$/.test(typeAt(bytes, at))
    ) {
      boxes.push(at);
    }
  }
  return boxes;
}

function typeAt(bytes: Buffer, at: number): string {
  return bytes.toString('latin1', at + 4, at + 8);
}
