import { Injectable } from '@nestjs/common';

/** Abort reason: this worker no longer owns the item, or the process shuts down. */
export class WorkAborted extends Error {
  override readonly name = 'WorkAborted';
}

interface Task {
  itemId: string;
  /** Whether the item has been claimed, so that it has a lease. */
  claimed: boolean;
  controller: AbortController;
  done: Promise<void>;
}

/** Tracks the items that this process is claiming or running, and aborts one or all of them. */
@Injectable()
export class InFlightItems {
  private readonly tasks = new Set<Task>();

  /** Ids of claimed items, each once. */
  get itemIds(): string[] {
    return [...this.tasks].filter(({ claimed }) => claimed).map(({ itemId }) => itemId);
  }

  /**
   * Claims an item and processes it. Both are one task, so that shutdown also waits for an item that is being claimed.
   *
   * @param claim resolves to null if this worker cannot claim the item
   */
  async track<Item>(
    itemId: string,
    claim: () => Promise<Item | null>,
    work: (item: Item, signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const controller = new AbortController();
    const task: Task = { itemId, claimed: false, controller, done: Promise.resolve() };
    const run = async (): Promise<void> => {
      const item = await claim();
      if (item === null) return;
      task.claimed = true;
      await work(item, controller.signal);
    };
    task.done = run();
    this.tasks.add(task);
    try {
      await task.done;
    } finally {
      this.tasks.delete(task);
    }
  }

  abort(itemId: string, reason: string): void {
    for (const task of this.tasks) {
      if (task.claimed && task.itemId === itemId) task.controller.abort(new WorkAborted(reason));
    }
  }

  /** Waits for in-flight items, and aborts the rest at the deadline. */
  async drain(deadline: AbortSignal): Promise<void> {
    const abortRest = (): void => {
      for (const { controller } of this.tasks)
        controller.abort(new WorkAborted('The process is shutting down'));
    };
    if (deadline.aborted) abortRest();
    else deadline.addEventListener('abort', abortRest, { once: true });
    // Loops because an item may have been claimed meanwhile.
    while (this.tasks.size > 0) await Promise.allSettled([...this.tasks].map(({ done }) => done));
    deadline.removeEventListener('abort', abortRest);
  }
}
