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
 * The containers of MP4 and Matroska are checked where their headers are read. MPEG streams and DV promise no length:
 * they are made to be played up to wherever they end.
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

/** Checks that a file is as long as it says. @throws NotAVideoError `truncated` */
export function assertWhole(file: ReadableFile, container: Container): void {
  if (IS_CUT[container]?.(file)) {
    throw new NotAVideoError('truncated', 'the file ends in the middle of its media data');
  }
}
