import { Injectable } from '@nestjs/common';

/** Why work was aborted: its item is not this worker's any more, or the process ends. */
export class WorkAborted extends Error {
  override readonly name = 'WorkAborted';
}

/** The items that this process works on right now, so that they can be aborted one by one or all together. */
@Injectable()
export class WorkUnderWay {
  closed = false;
  private readonly tasks = new Map<string, { controller: AbortController; done: Promise<void> }>();

  get itemIds(): string[] {
    return [...this.tasks.keys()];
  }

  async track(itemId: string, task: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const controller = new AbortController();
    const done = task(controller.signal);
    this.tasks.set(itemId, { controller, done });
    try {
      await done;
    } finally {
      this.tasks.delete(itemId);
    }
  }

  abort(itemId: string, reason: string): void {
    this.tasks.get(itemId)?.controller.abort(new WorkAborted(reason));
  }

  /** Takes nothing more, lets what runs end within the grace, aborts the rest and waits for it. */
  async close(graceMs: number): Promise<void> {
    this.closed = true;
    const abortRest = setTimeout(() => {
      for (const itemId of this.itemIds) this.abort(itemId, 'The process ends');
    }, graceMs);
    await Promise.allSettled([...this.tasks.values()].map(({ done }) => done));
    clearTimeout(abortRest);
  }
}
