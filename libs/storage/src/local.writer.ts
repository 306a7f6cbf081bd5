import { Worker } from 'node:worker_threads';
import { bytesAlone, threadEntry, type ThreadEntry } from '#libs/threads';
import type { WriterAnswer, WriterRequest, WriterSettings } from './local.writer-messages.js';

interface Pending {
  resolve: () => void;
  reject: (error: Error) => void;
}

/**
 * A thread that writes small files, started with the first one. It does by plain calls what would cost several times as
 * much in the thread pool, and a call that waits for the disk holds up nobody else.
 */
export class SmallFileWriter {
  #thread: Worker | null = null;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;

  /** @param entry what the thread runs, instead of the writer: for tests of what becomes of files whose thread dies */
  constructor(
    private readonly settings: WriterSettings,
    private readonly entry: ThreadEntry = threadEntry('./local.writer-thread.js', import.meta.url),
  ) {}

  /**
   * Writes a file under a new name, whose folder is made where it is missing.
   *
   * @param bytes are copied; at most a few megabytes
   * @throws an error with the code of the system, such as EEXIST; without one where the thread has died
   */
  write(target: string, bytes: Uint8Array): Promise<void> {
    const thread = (this.#thread ??= this.#start());
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      // A thread that works keeps the process alive, one that waits does not.
      if (this.#pending.size === 0) thread.ref();
      this.#pending.set(id, { resolve, reject });
      thread.postMessage({ id, target, bytes: bytesAlone(bytes) } satisfies WriterRequest);
    });
  }

  #start(): Worker {
    const { entry, execArgv } = this.entry;
    const thread = new Worker(entry, { execArgv, workerData: this.settings, name: 'storage-writer' });
    thread.on('message', (answer: WriterAnswer) => this.#settle(thread, answer));
    thread.on('error', (error) => this.#giveUp(thread, error));
    thread.on('exit', (code) =>
      this.#giveUp(thread, new Error(`The writing thread ended with code ${code}`)),
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

  /** Whether what was under way is on the disk cannot be known: it has keys that nobody will refer to. */
  #giveUp(thread: Worker, error: Error): void {
    if (thread !== this.#thread) return;
    this.#thread = null;
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of pending) reject(error);
  }
}
