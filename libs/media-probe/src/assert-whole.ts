import { NotAVideoError } from './errors.js';
import type { ReadableFile } from './readable-file.js';
import type { Container } from './video-probe.js';
import { isAsfCut } from './whole/asf.js';
import { isFlvCut } from './whole/flv.js';
import { isGxfCut } from './whole/gxf.js';
import { isMxfCut } from './whole/mxf.js';
import { isOggCut } from './whole/ogg.js';
import { isRealMediaCut } from './whole/real-media.js';
import { isRiffCut } from './whole/riff.js';

/**
 * Checks per container. MP4 and Matroska are checked when their headers are read. MPEG streams and DV do not declare a
 * length: they are meant to be played up to wherever they end.
 */
const IS_CUT: Partial<Record<Container, (file: ReadableFile) => boolean>> = {
  asf: isAsfCut,
  avi: isRiffCut,
  flv: isFlvCut,
  gxf: isGxfCut,
  mxf: isMxfCut,
  ogg: isOggCut,
  realmedia: isRealMediaCut,
};

/** Checks that a file is as long as it declares. @throws NotAVideoError `truncated` */
export function assertWhole(file: ReadableFile, container: Container): void {
  if (IS_CUT[container]?.(file)) {
    throw new NotAVideoError('truncated', 'the file ends in the middle of its media data');
  }
}
