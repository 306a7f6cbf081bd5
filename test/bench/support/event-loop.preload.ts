import { monitorEventLoopDelay } from 'node:perf_hooks';

/**
 * Loaded into a process of the product with `--import`. Records its event-loop delay and reports it on request over the
 * channel to the benchmark. The product itself does not know it.
 */
const histogram = monitorEventLoopDelay({ resolution: 1 });
histogram.enable();

process.on('message', (message) => {
  if (message === 'event-loop: reset') histogram.reset();
  if (message === 'event-loop: read') {
    process.send?.({ max: histogram.max / 1e6, p999: histogram.percentile(99.9) / 1e6 });
  }
});
// The channel must not keep the process alive.
process.channel?.unref();
