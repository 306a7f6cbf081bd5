import { Injectable } from '@nestjs/common';
import type { ClaimedItem } from '../import-kind.js';

/** Abort reason: this worker no longer owns the item, or the process shuts down. */
export class WorkAborted extends Error {
  override readonly name = 'WorkAborted';
}

interface Task {
  itemId: string;
  /** Number of the claim; null while the item is being claimed, and has no lease. */
  claim: number | null;
  controller: AbortController;
  done: Promise<void>;
}

/** Tracks the items that this process is claiming or running, and aborts one or all of them. */
@Injectable()
export class InFlightItems {
  private readonly tasks = new Set<Task>();

  /** Ids of claimed items. */
  get itemIds(): string[] {
    return this.claimed.map(({ itemId }) => itemId);
  }

  /**
   * Claims an item and processes it. Both are one task, so that shutdown also waits for an item that is being claimed.
   *
   * @param claim resolves to null if this worker cannot claim the item
   */
  async track<Item extends Pick<ClaimedItem, 'claim'>>(
    itemId: string,
    claim: () => Promise<Item | null>,
    work: (item: Item, signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const controller = new AbortController();
    const task: Task = { itemId, claim: null, controller, done: Promise.resolve() };
    const run = async (): Promise<void> => {
      const item = await claim();
      if (item === null) return;
      task.claim = item.claim;
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

  /**
   * Aborts the claims that are over. An item whose claim is over may have been claimed again, also by this process.
   *
   * @param present looks up the numbers of the claims that this process holds, by item
   */
  async abortLost(
    present: (itemIds: readonly string[]) => Promise<ReadonlyMap<string, number>>,
    reason: string,
  ): Promise<void> {
    const before = this.claimed;
    if (before.length === 0) return;
    const claims = await present(before.map(({ itemId }) => itemId));
    for (const { itemId, claim, controller } of before)
      if (claims.get(itemId) !== claim) controller.abort(new WorkAborted(reason));
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

  private get claimed(): Task[] {
    return [...this.tasks].filter(({ claim }) => claim !== null);
  }
}
