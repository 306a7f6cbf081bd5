import type { Figure } from '../support/figure.js';
import { accept } from './accept.figure.js';
import { breakdown } from './breakdown.figure.js';
import { endurance } from './endurance.figure.js';
import { fairness } from './fairness.figure.js';
import { growthByBacklog } from './growth/backlog.figure.js';
import { growthByBatchSize } from './growth/batch-size.figure.js';
import { growthByLibrary } from './growth/library.figure.js';
import { growthByWorkers } from './growth/workers.figure.js';
import { largeVideos } from './large-videos.figure.js';
import { memory } from './memory.figure.js';
import { readers } from './readers.figure.js';
import { scale } from './scale.figure.js';
import { single } from './single.figure.js';
import { size } from './size.figure.js';
import { smallVideos } from './small-videos.figure.js';
import { status } from './status.figure.js';
import { workers } from './workers.figure.js';

/** All figures, in measuring order. */
export const FIGURES: readonly Figure[] = [
  smallVideos,
  single,
  largeVideos,
  memory,
  accept,
  status,
  readers,
  scale,
  fairness,
  workers,
  breakdown,
  growthByBatchSize,
  growthByBacklog,
  growthByLibrary,
  growthByWorkers,
  size,
  endurance,
];
