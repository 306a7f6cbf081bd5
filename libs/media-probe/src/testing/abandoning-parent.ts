import { createProber } from '../prober.js';
import { equalTimes } from './hostile-mp4.js';

// A process that is killed while a file keeps its probing process busy.
const prober = createProber({ processes: 1, timeoutMs: 3_600_000 });
await prober.probe(equalTimes(500_000));
