import { NotAVideoError } from './errors.js';
import { viewOf } from './iso-boxes.js';
import type { ReadableFile } from './readable-file.js';

/** Recorders write sizes when they end; those that never did leave 0, or as much as fits. */
const MOST_KNOWN = 0x7fff_ffff;

/**
 * Checks that an AVI file is as long as its first RIFF chunk says. Longer ones go on in further chunks (OpenDML).
 *
 * @throws NotAVideoError `truncated`
 */
export function assertWholeRiff(file: ReadableFile): void {
  const header = file.read(0, 8);
  const size = header.length < 8 ? 0 : viewOf(header).getUint32(4, true);
  // Some leave out the byte that pads a chunk to an even length.
  if (size > 0 && size < MOST_KNOWN && 8 + size > file.size + 1) {
    throw new NotAVideoError('truncated', 'the file ends in the middle of its media data');
  }
}
