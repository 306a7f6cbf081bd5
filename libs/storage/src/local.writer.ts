import { Worker } from 'node:worker_threads';
import { bytesAlone, threadEntry, type ThreadEntry } from '#libs/threads';
import type { WriterAnswer, WriterRequest, WriterSettings } from './local.writer-messages.js';

interface Pending {
  resolve: () => void;
  reject: (error: Error) => void;
}

/**
 * Writes small files in a thread, which starts with the first file. Synchronous calls in the thread cost a fraction of
 * calls in the thread pool, and a call that waits for the disk blocks nothing else.
 */
export class SmallFileWriter {
  #thread: Worker | null = null;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;

  /** @param entry replaces the writer in tests of a dying thread */
  constructor(
    private readonly settings: WriterSettings,
    private readonly entry: ThreadEntry = threadEntry('./local.writer-thread.js', import.meta.url),
  ) {}

  /**
   * Writes a file under a new name. A missing folder is created.
   *
   * @param bytes are copied; at most a few megabytes
   * @throws an error with the code of the system, such as EEXIST; without a code if the thread died
   */
  write(target: string, bytes: Uint8Array): Promise<void> {
    const thread = (this.#thread ??= this.#start());
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      // A busy thread keeps the process alive, an idle one does not.
      if (this.#pending.size === 0) thread.ref();
      this.#pending.set(id, { resolve, reject });
      thread.postMessage({ id, target, bytes: bytesAlone(bytes) } satisfies WriterRequest);
    });
  }

  #start(): Worker {
    const { entry, execArgv } = this.entry;
    const thread = new Worker(entry, { execArgv, workerData: this.settings, name: 'storage-writer' });
    thread.on('message', (answer: WriterAnswer) => this.#settle(thread, answer));
    thread.on('error', (error) => this.#failPending(thread, error));
    thread.on('exit', (code) =>
      this.#failPending(thread, new Error(`The writer thread ended with code ${code}`)),
    );
    return thread;
  }

  #settle(thread: Worker, { id, failed }: WriterAnswer): void {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (this.#pending.size === 0) thread.unref();
    if (failed === undefined) pending?.resolve();
    else pending?.reject(Object.assign(new Error(failed.message), { code: failed.code }));
  }

  /** Rejects the writes in flight. Their bytes may be on the disk, under keys that are never referenced. */
  #failPending(thread: Worker, error: Error): void {
    if (thread !== this.#thread) return;
    this.#thread = null;
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of pending) reject(error);
  }
}
