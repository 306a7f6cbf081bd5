import { performance, type EventLoopUtilization } from 'node:perf_hooks';

const WINDOW_MS = 100;

let before: EventLoopUtilization = performance.eventLoopUtilization();
let measuredAt = performance.now();
let utilization = 0;

/**
 * Recent event-loop utilization of this process, from 0 to 1.
 *
 * @see https://nodejs.org/docs/latest-v20.x/api/perf_hooks.html#performanceeventlooputilizationutilization1-utilization2
 */
export function busyness(): number {
  const now = performance.now();
  if (now - measuredAt >= WINDOW_MS) {
    const current = performance.eventLoopUtilization();
    ({ utilization } = performance.eventLoopUtilization(current, before));
    before = current;
    measuredAt = now;
  }
  return utilization;
}
