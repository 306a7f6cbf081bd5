import type { Figure } from '../support/figure.js';
import { accept } from './accept.figure.js';
import { largeVideos } from './large-videos.figure.js';
import { memory } from './memory.figure.js';
import { smallVideos } from './small-videos.figure.js';
import { status } from './status.figure.js';

/** In the order in which they are measured. */
export const FIGURES: readonly Figure[] = [smallVideos, largeVideos, memory, accept, status];
