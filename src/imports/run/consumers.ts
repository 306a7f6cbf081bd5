import { Injectable } from '@nestjs/common';
import type { Queue } from 'bull';
import { withTimeLimit } from '../../process/time-limit.js';
import { ImportKinds } from '../import-kinds.js';

/** Time limit for interrupting a consumer that waits for a job, in milliseconds. */
const INTERRUPT_LIMIT_MS = 2_000;

/**
 * Pauses and resumes the consumers of Bull jobs in this process. Bull interrupts a waiting consumer by reconnecting it;
 * if Redis is unavailable at that moment, the consumer stays disconnected. `revive()` reconnects it.
 */
@Injectable()
export class Consumers {
  constructor(private readonly kinds: ImportKinds) {}

  /** Stops taking jobs, even while Redis is unavailable. */
  async pause(): Promise<void> {
    await Promise.all(this.kinds.all().map(({ queue }) => interrupt(queue)));
  }

  async resume(): Promise<void> {
    await Promise.all(this.kinds.all().map(({ queue }) => queue.resume(true)));
    await this.revive();
  }

  /** Reconnects every queue client that has given up. */
  async revive(): Promise<void> {
    for (const { queue } of this.kinds.all()) {
      for (const client of queue.clients) if (client.status === 'end') await client.connect();
    }
  }
}

async function interrupt(queue: Queue): Promise<void> {
  // Bull marks the queue as paused before it contacts Redis.
  const paused = queue.pause(true, true);
  try {
    await withTimeLimit('Interrupting a consumer', INTERRUPT_LIMIT_MS, paused);
  } catch {
    // Without Redis no job arrives. The consumer stays paused until revive() reconnects it.
    paused.catch(() => undefined);
  }
}
