import type { Queue } from 'bull';
import { withTimeLimit } from '../process/time-limit.js';
import type { ItemJob } from './import-kind.js';

/** Time limit for a clean disconnect from Redis, in milliseconds. */
const CLOSE_LIMIT_MS = 3_000;

/** Closes a queue even if Redis is unavailable; Bull alone would wait for it or fail the shutdown. Never throws. */
export async function closeQueue(queue: Queue<ItemJob>): Promise<void> {
  const closed = queue.close(true);
  try {
    await withTimeLimit('Closing a queue', CLOSE_LIMIT_MS, closed);
  } catch {
    closed.catch(() => undefined);
    for (const client of queue.clients) client.disconnect();
  }
}
