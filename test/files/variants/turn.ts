/** Matrices for 0 to 3 quarter turns, in 16.16 and 2.30 (ISO/IEC 14496-12, section 8.3.2). */
const MATRICES: readonly (readonly number[])[] = [
  [1, 0, 0, 1],
  [0, 1, -1, 0],
  [-1, 0, 0, -1],
  [0, -1, 1, 0],
];

/** Rotates the first track, like cameras do. The ffmpeg option for it requires version 6.0. */
export function turned(file: Buffer, turns: number): Buffer {
  const [a = 1, b = 0, c = 0, d = 1] = MATRICES[turns % 4] ?? [];
  const start = file.indexOf('tkhd') + 4;
  const matrix = start + (file[start] === 1 ? 52 : 40);
  for (const [index, value] of [a, b, 0, c, d, 0].entries())
    file.writeInt32BE(value * 65_536, matrix + 4 * index);
  return file;
}
