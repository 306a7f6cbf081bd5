import { ProbeFailedError } from './errors.js';
import { ProbeProcess, type ProcessOptions } from './probe-process.js';
import { LaneQueue } from './lane-queue.js';
import type { VideoProbe } from './video-probe.js';

/** A file that is waiting or being read. */
export interface Task {
  source: string | Uint8Array;
  lane: unknown;
  signal: AbortSignal | undefined;
  resolve: (probe: VideoProbe) => void;
  reject: (error: unknown) => void;
}

export interface PoolOptions extends ProcessOptions {
  processes: number;
  /** Milliseconds of processor time after which a file in flight counts as slow. */
  slowAfterMs: number;
  /** Number of slow files that do not occupy a place, and therefore of processes beyond `processes`. */
  maxSlow: number;
}

interface Busy {
  task: Task;
  slow: boolean;
}

const CHECK_EVERY_MS = 50;
const CLOSE_TIMEOUT_MS = 5_000;

/**
 * Distributes files to processes, one lane after the other. A slow file gives its place to other lanes while its
 * process continues; its lane gets no further place until that file ends. A lane therefore cannot block others.
 */
export class ProbePool {
  readonly #queue = new LaneQueue<Task>();
  readonly #idle: ProbeProcess[] = [];
  readonly #busy = new Map<ProbeProcess, Busy>();
  readonly #dying = new Set<Promise<void>>();
  readonly #slowLanes = new Set<unknown>();
  #checking: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(private readonly options: PoolOptions) {}

  add(task: Task): void {
    if (this.#closed) {
      task.reject(closedError());
      return;
    }
    this.#queue.add(task);
    this.#fill();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#checking);
    for (const { reject } of this.#queue.clear()) reject(closedError());
    for (const process of [...this.#idle.splice(0), ...this.#busy.keys()]) this.#end(process);
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSE_TIMEOUT_MS)));
    await Promise.race([Promise.all(this.#dying), limit]);
    clearTimeout(timer);
  }

  #fill(): void {
    while (this.#busy.size - this.#slowLanes.size < this.options.processes) {
      const task = this.#queue.take((lane) => this.#slowLanes.has(lane));
      if (task === undefined) return;
      if (!task.signal?.aborted) void this.#read(task);
    }
  }

  async #read(task: Task): Promise<void> {
    let process: ProbeProcess;
    try {
      process = this.#takeProcess();
    } catch (error) {
      task.reject(error);
      return;
    }
    this.#busy.set(process, { task, slow: false });
    this.#checking ??= setInterval(() => this.#check(), CHECK_EVERY_MS).unref();
    await process.read(task.source).then(task.resolve, task.reject);
    this.#release(process);
    this.#fill();
  }

  /** Prefers the process used last: at low load the others stay idle or are never started. */
  #takeProcess(): ProbeProcess {
    for (let process = this.#idle.pop(); process !== undefined; process = this.#idle.pop()) {
      if (!process.ended) return process;
    }
    return new ProbeProcess(this.options);
  }

  #release(process: ProbeProcess): void {
    const busy = this.#busy.get(process);
    this.#busy.delete(process);
    if (busy?.slow) this.#slowLanes.delete(busy.task.lane);
    const enough = this.#idle.length + this.#busy.size - this.#slowLanes.size >= this.options.processes;
    if (process.ended || enough || this.#closed) this.#end(process);
    else this.#idle.push(process);
  }

  #end(process: ProbeProcess): void {
    process.kill(closedError());
    const exited = process.exited().finally(() => this.#dying.delete(exited));
    this.#dying.add(exited);
  }

  #check(): void {
    if (this.#busy.size === 0) {
      clearInterval(this.#checking);
      this.#checking = undefined;
    }
    for (const [process, busy] of this.#busy) {
      const spentMs = process.check();
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

function closedError(): ProbeFailedError {
  return new ProbeFailedError('closed', 'The prober was closed');
}
