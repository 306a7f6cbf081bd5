import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import type { EventLoopWatch } from './event-loop-watchdog.js';

const STDERR = 2;

// Entry of the watchdog thread. It uses nothing of the main thread, which may be blocked.
const { beats, tickMs, ticks }: EventLoopWatch = workerData;
let seen = -1;
let missed = 0;

setInterval(() => {
  const beat = Atomics.load(beats, 0);
  missed = beat === seen ? missed + 1 : 0;
  seen = beat;
  if (missed < ticks) return;
  writeSync(STDERR, `Process killed, event loop stalled limitMs=${ticks * tickMs}\n`);
  process.kill(process.pid, 'SIGKILL');
}, tickMs);
