import { Worker, type ResourceLimits, type WorkerOptions } from 'node:worker_threads';
import { NotAVideoError, ProbeFailedError } from './errors.js';
import type { ThreadAnswer, ThreadRequest, ThreadSettings } from './thread-messages.js';
import type { VideoProbe } from './video-probe.js';

/** What one thread runs and what it is allowed. */
export interface SlotOptions {
  entry: URL;
  execArgv: string[];
  timeoutMs: number;
  settings: ThreadSettings;
  resourceLimits: ResourceLimits;
}

interface Current {
  resolve: (probe: VideoProbe) => void;
  reject: (error: Error) => void;
  timer: NodeJS.Timeout;
}

/**
 * A place for one thread that reads one file at a time. A thread that exceeds its time or dies costs the file it was
 * reading; the next file gets a new one.
 */
export class ProbeThreadSlot {
  #worker: Worker | null = null;
  #current: Current | null = null;
  #terminated: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: SlotOptions) {}

  /**
   * Reads one file; to be called again only after the promise settled.
   * @throws NotAVideoError, ProbeFailedError
   */
  async run(source: ThreadRequest): Promise<VideoProbe> {
    const worker = (this.#worker ??= this.#start());
    // A thread that works keeps the process alive, one that waits does not.
    worker.ref();
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const message = `Reading the file took longer than ${this.options.timeoutMs} ms`;
        this.#discard(worker, new ProbeFailedError('timed-out', message));
      }, this.options.timeoutMs);
      this.#current = { resolve, reject, timer };
      worker.postMessage(source satisfies ThreadRequest);
    });
  }

  /** Ends the thread; a file under way fails. */
  async close(): Promise<void> {
    if (this.#worker) this.#discard(this.#worker, new ProbeFailedError('closed', 'The prober was closed'));
    await this.#terminated;
  }

  #start(): Worker {
    const { entry, execArgv, settings, resourceLimits } = this.options;
    const workerOptions: WorkerOptions = {
      execArgv,
      workerData: settings,
      resourceLimits,
      name: 'media-probe',
    };
    const worker = new Worker(entry, workerOptions);
    worker.on('message', (answer: ThreadAnswer) => this.#settle(worker, answer));
    worker.on('error', (error: NodeJS.ErrnoException) => {
      this.#discard(worker, failureOf(error));
    });
    worker.on('exit', (code) => {
      this.#discard(worker, new ProbeFailedError('crashed', `The probing thread ended with code ${code}`));
    });
    return worker;
  }

  #settle(worker: Worker, answer: ThreadAnswer): void {
    // An answer that was on its way when the thread was given up is no longer awaited.
    if (worker !== this.#worker) return;
    worker.unref();
    const current = this.#takeCurrent();
    if ('probe' in answer) current?.resolve(answer.probe);
    else if ('refused' in answer)
      current?.reject(new NotAVideoError(answer.refused.kind, answer.refused.reason));
    else current?.reject(new ProbeFailedError(answer.failed.failure, answer.failed.message));
  }

  #discard(worker: Worker, error: ProbeFailedError): void {
    if (worker !== this.#worker) return;
    this.#worker = null;
    this.#takeCurrent()?.reject(error);
    this.#terminated = worker.terminate();
  }

  #takeCurrent(): Current | null {
    const current = this.#current;
    this.#current = null;
    if (current) clearTimeout(current.timer);
    return current;
  }
}

function failureOf(error: NodeJS.ErrnoException): ProbeFailedError {
  return error.code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? new ProbeFailedError('out-of-memory', 'Reading the file took more memory than allowed', {
        cause: error,
      })
    : new ProbeFailedError('crashed', 'The probing thread crashed', { cause: error });
}
