import { ChildFailedError } from './child-failed-error.js';
import { LaneQueue } from './lane-queue.js';
import { PooledChild, type ChildOptions } from './pooled-child.js';

/** Where work waits for a process. */
export interface Place {
  /** Key for fair scheduling: lanes take turns. Default: a lane of its own for each piece of work. */
  lane?: unknown;
  /** Ends the waiting. */
  signal?: AbortSignal | undefined;
}

export interface PoolOptions extends ChildOptions {
  processes: number;
  /** Milliseconds of processor time after which work in flight counts as slow. */
  slowAfterMs: number;
  /** Number of slow pieces of work that do not occupy a place, and therefore of processes beyond `processes`. */
  maxSlow: number;
}

interface Task {
  lane: unknown;
  signal: AbortSignal | undefined;
  run: (child: PooledChild) => Promise<void>;
  reject: (error: unknown) => void;
}

interface Busy {
  task: Task;
  slow: boolean;
}

const CHECK_EVERY_MS = 50;
const CLOSE_TIMEOUT_MS = 5_000;

/**
 * Distributes work to processes, one lane after the other. Slow work gives its place to other lanes while its process
 * continues; its lane gets no further place until that work ends. A lane therefore cannot block others.
 */
export class ChildPool {
  readonly #queue = new LaneQueue<Task>();
  readonly #idle: PooledChild[] = [];
  readonly #busy = new Map<PooledChild, Busy>();
  readonly #dying = new Set<Promise<void>>();
  readonly #slowLanes = new Set<unknown>();
  #checking: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(private readonly options: PoolOptions) {}

  /**
   * Uses a process as soon as it is the turn of the lane. Processes start on demand.
   *
   * @throws ChildFailedError, what `use` throws, or the reason of the signal if it aborts while waiting
   */
  async run<T>(
    { lane = Symbol('alone'), signal }: Place,
    use: (child: PooledChild) => Promise<T>,
  ): Promise<T> {
    signal?.throwIfAborted();
    return await new Promise<T>((resolve, reject) => {
      const leave = (): void => reject(signal?.reason);
      signal?.addEventListener('abort', leave, { once: true });
      this.#add({
        lane,
        signal,
        run: async (child) => {
          signal?.removeEventListener('abort', leave);
          await use(child).then(resolve, reject);
        },
        reject,
      });
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#checking);
    for (const { reject } of this.#queue.clear()) reject(closedError());
    for (const child of [...this.#idle.splice(0), ...this.#busy.keys()]) this.#end(child);
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSE_TIMEOUT_MS)));
    await Promise.race([Promise.all(this.#dying), limit]);
    clearTimeout(timer);
  }

  #add(task: Task): void {
    if (this.#closed) {
      task.reject(closedError());
      return;
    }
    this.#queue.add(task);
    this.#fill();
  }

  #fill(): void {
    while (this.#busy.size - this.#slowLanes.size < this.options.processes) {
      const task = this.#queue.take((lane) => this.#slowLanes.has(lane));
      if (task === undefined) return;
      if (!task.signal?.aborted) void this.#run(task);
    }
  }

  async #run(task: Task): Promise<void> {
    let child: PooledChild;
    try {
      child = this.#takeChild();
    } catch (error) {
      task.reject(error);
      return;
    }
    this.#busy.set(child, { task, slow: false });
    this.#checking ??= setInterval(() => this.#check(), CHECK_EVERY_MS).unref();
    await task.run(child);
    this.#release(child);
    this.#fill();
  }

  /** Prefers the process used last: at low load the others stay idle or are never started. */
  #takeChild(): PooledChild {
    for (let child = this.#idle.pop(); child !== undefined; child = this.#idle.pop()) {
      if (!child.ended) return child;
    }
    return new PooledChild(this.options);
  }

  #release(child: PooledChild): void {
    const busy = this.#busy.get(child);
    this.#busy.delete(child);
    if (busy?.slow) this.#slowLanes.delete(busy.task.lane);
    const enough = this.#idle.length + this.#busy.size - this.#slowLanes.size >= this.options.processes;
    if (child.ended || enough || this.#closed) this.#end(child);
    else this.#idle.push(child);
  }

  #end(child: PooledChild): void {
    child.kill(closedError());
    const exited = child.exited().finally(() => this.#dying.delete(exited));
    this.#dying.add(exited);
  }

  #check(): void {
    if (this.#busy.size === 0) {
      clearInterval(this.#checking);
      this.#checking = undefined;
    }
    for (const [child, busy] of this.#busy) {
      const spentMs = child.check();
      if (!busy.slow && spentMs > this.options.slowAfterMs) this.#markSlow(busy);
    }
  }

  #markSlow(busy: Busy): void {
    const { lane } = busy.task;
    if (this.#slowLanes.size >= this.options.maxSlow || this.#slowLanes.has(lane)) return;
    busy.slow = true;
    this.#slowLanes.add(lane);
    this.#fill();
  }
}

function closedError(): ChildFailedError {
  return new ChildFailedError('closed', 'The pool was closed');
}
