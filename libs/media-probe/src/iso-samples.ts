import { boxesByType, viewOf } from './iso-boxes.js';

/** The sample table of a track, ISO/IEC 14496-12, 8.7. */
export interface IsoSamples {
  count: number;
  /** File offset of the first sample; null if there is none. */
  start: number | null;
  /** File offset after the last sample; 0 if there is none. */
  end: number;
  /** Sample entry of the first samples, zero-based. */
  entryInUse: number;
}

interface ChunkRun {
  firstChunk: number;
  samplesPerChunk: number;
  entry: number;
}

/** Reads a sample table. Every loop is bounded by the entries in the file, not by the declared counts. */
export function readSamples(stbl: Uint8Array): IsoSamples {
  const boxes = boxesByType(stbl);
  const sizes = readSizes(boxes.get('stsz'), boxes.get('stz2'));
  const runs = readRuns(boxes.get('stsc'));
  const farthest = farthestChunk(boxes.get('stco'), boxes.get('co64'));
  const count = farthest === null ? 0 : sizes.count;
  const entryInUse = Math.max(0, (runs[0]?.entry ?? 1) - 1);
  if (farthest === null || count === 0) return { count, start: null, end: 0, entryInUse };
  const [first, length] = samplesOfChunk(runs, farthest.index);
  const end = farthest.offset + sizes.sum(first, Math.min(first + length, count));
  return { count, start: farthest.first, end, entryInUse };
}

function readSizes(stsz: Uint8Array | undefined, stz2: Uint8Array | undefined) {
  const box = stsz ?? stz2;
  if (!box || box.length < 12) return { count: 0, sum: () => 0 };
  const view = viewOf(box);
  const count = view.getUint32(8);
  const fixed = stsz ? view.getUint32(4) : 0;
  if (fixed > 0) return { count, sum: (from: number, to: number) => Math.max(0, to - from) * fixed };
  const bits = stsz ? 32 : view.getUint8(7);
  const sizeAt = (index: number): number => {
    const at = 12 + (index * bits) / 8;
    if (bits === 32) return view.getUint32(at);
    if (bits === 16) return view.getUint16(at);
    const byte = view.getUint8(Math.floor(at));
    if (bits === 8) return byte;
    return index % 2 === 0 ? byte >> 4 : byte & 15;
  };
  const listed = [4, 8, 16, 32].includes(bits) ? Math.floor(((box.length - 12) * 8) / bits) : 0;
  return {
    count,
    sum(from: number, to: number): number {
      let total = 0;
      for (let index = from; index < Math.min(to, listed); index++) total += sizeAt(index);
      return total;
    },
  };
}

function readRuns(stsc: Uint8Array | undefined): ChunkRun[] {
  const runs: ChunkRun[] = [];
  if (!stsc || stsc.length < 8) return runs;
  const view = viewOf(stsc);
  const end = Math.min(stsc.length, 8 + view.getUint32(4) * 12);
  for (let at = 8; at + 12 <= end; at += 12) {
    runs.push({
      firstChunk: view.getUint32(at) - 1,
      samplesPerChunk: view.getUint32(at + 4),
      entry: view.getUint32(at + 8),
    });
  }
  return runs;
}

function farthestChunk(stco: Uint8Array | undefined, co64: Uint8Array | undefined) {
  const box = stco ?? co64;
  if (!box || box.length < 8) return null;
  const view = viewOf(box);
  const width = stco ? 4 : 8;
  const count = Math.min(view.getUint32(4), Math.floor((box.length - 8) / width));
  const offsetAt = (index: number): number => {
    const at = 8 + index * width;
    return stco ? view.getUint32(at) : Number(view.getBigUint64(at));
  };
  let farthest: { index: number; offset: number } | null = null;
  for (let index = 0; index < count; index++) {
    const offset = offsetAt(index);
    if (farthest === null || offset > farthest.offset) farthest = { index, offset };
  }
  return farthest && { ...farthest, first: offsetAt(0) };
}

/** @returns the number of its first sample, and its number of samples */
function samplesOfChunk(runs: readonly ChunkRun[], chunk: number): [first: number, length: number] {
  let first = 0;
  for (const [index, { firstChunk, samplesPerChunk }] of runs.entries()) {
    const next = runs[index + 1]?.firstChunk ?? Infinity;
    if (chunk < next) return [first + Math.max(0, chunk - firstChunk) * samplesPerChunk, samplesPerChunk];
    first += Math.max(0, next - firstChunk) * samplesPerChunk;
  }
  return [first, 0];
}
