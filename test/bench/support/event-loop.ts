import { pathToFileURL } from 'node:url';
import type { Child } from './child.js';
import { script } from './root.js';

/** Event-loop delay in milliseconds. */
export interface EventLoopDelay {
  max: number;
  p999: number;
}

/** Node arguments that enable the measurement in a process. */
export const EVENT_LOOP_ARGS = ['--import', pathToFileURL(script('support/event-loop.preload.js')).href];

/** Measures the delay during `work`. */
export async function eventLoopDuring<T>(
  child: Child,
  work: () => Promise<T>,
): Promise<{ result: T; delay: EventLoopDelay }> {
  child.send('event-loop: reset');
  const result = await work();
  const delay = await child.message('event-loop: read');
  if (!isDelay(delay)) throw child.failure('did not report its event-loop delay');
  return { result, delay };
}

function isDelay(value: unknown): value is EventLoopDelay {
  return typeof value === 'object' && value !== null && 'max' in value && 'p999' in value;
}
