import type { ClosedReaders, ReadersJob, ReadersOpening } from '../readers/readers.js';
import { Child } from './child.js';
import { script } from './root.js';

/** Readers of event streams in a process of their own. */
export class ReadersProcess {
  private constructor(private readonly child: Child) {}

  static start(): ReadersProcess {
    return new ReadersProcess(Child.start('The readers', script('readers/readers.js'), {}));
  }

  /** Resolves when all of them receive events. */
  async open(opening: ReadersOpening): Promise<void> {
    const job: ReadersJob = { open: opening };
    await this.child.message(job);
  }

  /** Disconnects all of them. */
  async close(): Promise<ClosedReaders> {
    const job: ReadersJob = 'close';
    const result = await this.child.message(job);
    if (!isClosed(result)) throw this.child.failure('returned no result');
    return result;
  }

  stop(): Promise<void> {
    return this.child.stop();
  }
}

function isClosed(value: unknown): value is ClosedReaders {
  return typeof value === 'object' && value !== null && 'following' in value && 'bytes' in value;
}
