/** ISO/IEC 14496-1, table 5, `objectTypeIndication`: codecs of a track of type `mp4v` other than MPEG-4 Visual. */
const CODECS: ReadonlyMap<number, string> = new Map([
  [0x21, 'avc1'],
  [0x23, 'hvc1'],
  ...[0x60, 0x61, 0x62, 0x63, 0x64, 0x65].map((profile): [number, string] => [profile, 'm2v1']),
  [0x6a, 'm1v '],
  [0x6c, 'jpeg'],
  [0x6d, 'png'],
  [0x6e, 'jpeg 2000'],
  [0xa3, 'vc-1'],
]);
const ELEMENTARY_STREAM = 3;
const DECODER_CONFIGURATION = 4;

/**
 * @param esds content of the box, ISO/IEC 14496-14, 5.6
 * @returns null for MPEG-4 Visual, or if the box does not specify it
 */
export function codecOfObjectType(esds: Uint8Array): string | null {
  let position = 4;
  const skipHeader = (tag: number): boolean => {
    if (esds[position++] !== tag) return false;
    while (((esds[position++] ?? 0) & 0x80) !== 0);
    return true;
  };
  if (!skipHeader(ELEMENTARY_STREAM)) return null;
  // In files, the flags for optional fields are never set.
  position += 3;
  return skipHeader(DECODER_CONFIGURATION) ? (CODECS.get(esds[position] ?? 0) ?? null) : null;
}
