import { monitorEventLoopDelay } from 'node:perf_hooks';

/**
 * Loaded into a process of the product with `--import`: keeps how long its event loop is held, and tells when it is
 * asked over the channel to the benchmark. The product itself knows nothing of it.
 */
const histogram = monitorEventLoopDelay({ resolution: 1 });
histogram.enable();

process.on('message', (message) => {
  if (message === 'event-loop: reset') histogram.reset();
  if (message === 'event-loop: read') {
    process.send?.({ max: histogram.max / 1e6, p999: histogram.percentile(99.9) / 1e6 });
  }
});
// The channel keeps no process alive that wants to end.
process.channel?.unref();
