import { pathToFileURL } from 'node:url';
import type { Child } from './child.js';
import { script } from './root.js';

/** How long an event loop was held, in milliseconds. */
export interface EventLoopDelay {
  max: number;
  p999: number;
}

/** What lets a process of the product tell its event loop's delay. */
export const EVENT_LOOP_ARGS = ['--import', pathToFileURL(script('support/event-loop.preload.js')).href];

/** The delay while something is done. */
export async function eventLoopDuring<T>(
  child: Child,
  work: () => Promise<T>,
): Promise<{ result: T; delay: EventLoopDelay }> {
  child.send('event-loop: reset');
  const result = await work();
  const delay = await child.message('event-loop: read');
  if (!isDelay(delay)) throw child.failure('does not tell its event loop');
  return { result, delay };
}

function isDelay(value: unknown): value is EventLoopDelay {
  return typeof value === 'object' && value !== null && 'max' in value && 'p999' in value;
}
