import { Injectable } from '@nestjs/common';

/** Why work was aborted: its item is not this worker's any more, or the process ends. */
export class WorkAborted extends Error {
  override readonly name = 'WorkAborted';
}

interface Task {
  itemId: string;
  /** Whether the item has been claimed: before that there is no lease to lose. */
  claimed: boolean;
  controller: AbortController;
  done: Promise<void>;
}

/** The items that this process works on right now, so that they can be aborted one by one or all together. */
@Injectable()
export class InFlightItems {
  private readonly tasks = new Set<Task>();

  /** Items that are claimed; no item twice. */
  get itemIds(): string[] {
    return [...this.tasks].filter(({ claimed }) => claimed).map(({ itemId }) => itemId);
  }

  /**
   * Claims an item and works on it. Both are one task: what is just being claimed when the process ends must be waited
   * for, too.
   *
   * @param claim null where the item is not ours to work on
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

  /** Waits for what runs, and aborts it at the deadline. */
  async drain(deadline: AbortSignal): Promise<void> {
    const abortRest = (): void => {
      for (const { controller } of this.tasks) controller.abort(new WorkAborted('The process ends'));
    };
    if (deadline.aborted) abortRest();
    else deadline.addEventListener('abort', abortRest, { once: true });
    // What was claimed at the last moment is waited for, too.
    while (this.tasks.size > 0) await Promise.allSettled([...this.tasks].map(({ done }) => done));
    deadline.removeEventListener('abort', abortRest);
  }
}
