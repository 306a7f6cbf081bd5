import { Injectable } from '@nestjs/common';
import type { Queue } from 'bull';
import { withTimeLimit } from '../../process/time-limit.js';
import { ImportKinds } from '../import-kinds.js';

/** How long Redis may take to interrupt a consumer that waits for a job, in milliseconds. */
const INTERRUPT_LIMIT_MS = 2_000;

/**
 * Pauses and resumes what takes jobs from Bull in this process. Bull interrupts a waiting consumer by connecting it anew,
 * and leaves it without a connection for good where Redis is unavailable at that moment: `revive()` mends that.
 */
@Injectable()
export class Consumers {
  constructor(private readonly kinds: ImportKinds) {}

  /** Takes no more jobs, also while Redis is unavailable. */
  async pause(): Promise<void> {
    await Promise.all(this.kinds.all().map(({ queue }) => interrupt(queue)));
  }

  async resume(): Promise<void> {
    await Promise.all(this.kinds.all().map(({ queue }) => queue.resume(true)));
    await this.revive();
  }

  /** Connects every client of the queues again that has given up. */
  async revive(): Promise<void> {
    for (const { queue } of this.kinds.all()) {
      for (const client of queue.clients) if (client.status === 'end') await client.connect();
    }
  }
}

async function interrupt(queue: Queue): Promise<void> {
  // Bull marks the queue as paused before it talks to Redis.
  const paused = queue.pause(true, true);
  try {
    await withTimeLimit('Interrupting a consumer', INTERRUPT_LIMIT_MS, paused);
  } catch {
    // Without Redis no job comes; the consumer stays paused, and revive() connects it again.
    paused.catch(() => undefined);
  }
}
