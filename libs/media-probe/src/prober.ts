import { availableParallelism } from 'node:os';
import { bytesAlone, threadEntry, type ThreadEntry } from '#libs/threads';
import { orAborted } from './or-aborted.js';
import { ProbeFailedError } from './errors.js';
import { ProbeThreadSlot } from './probe-thread-slot.js';
import type { ThreadRequest } from './thread-messages.js';
import type { VideoProbe } from './video-probe.js';

export interface ProbeOptions {
  /** Aborting rejects the promise with the signal's reason. A file already being read is read on, unheard. */
  signal?: AbortSignal;
}

/** Says what a local file is, off the event loop. */
export interface Prober {
  /**
   * @param source path of a local file, which is opened for reading only; or the bytes of a file that is small enough to
   *   be copied. Nothing that it names is ever opened
   * @throws NotAVideoError where the file is no video; {@link ProbeFailedError} where it could not be read within
   *   the limits; the signal's reason where it was aborted
   */
  probe(source: string | Uint8Array, options?: ProbeOptions): Promise<VideoProbe>;
  /** Ends all threads. Files that wait or are under way fail with {@link ProbeFailedError} (`closed`). */
  close(): Promise<void>;
}

export interface ProberOptions {
  /** Threads, each reading one file at a time; started when first needed. Default: one for each core, at most 2. */
  workers?: number;
  /** The longest one file may take, in milliseconds, waiting not counted. Default: 15 000. */
  timeoutMs?: number;
  /**
   * Heap limit of one thread in MiB, and that of the WebAssembly beside it; a single read of a file is limited to a
   * quarter of it. Default: 256.
   */
  maxMemoryMb?: number;
  /** What the threads run, instead of the parsers: for tests of what happens to a thread that goes astray. */
  entry?: ThreadEntry;
}

interface Waiting {
  source: ThreadRequest;
  signal: AbortSignal | undefined;
  resolve: (probe: VideoProbe) => void;
  reject: (error: unknown) => void;
}

/** Starts nothing yet: threads begin with the first files. Waiting files are taken in the order they came. */
export function createProber(options: ProberOptions = {}): Prober {
  const slots = createSlots(options);
  const idle = [...slots];
  const queue: Waiting[] = [];
  let closed = false;

  async function work(slot: ProbeThreadSlot, { source, resolve, reject }: Waiting): Promise<void> {
    await slot.run(source).then(resolve, reject);
    idle.push(slot);
    next();
  }

  function next(): void {
    while (queue.length > 0 && idle.length > 0) {
      const waiting = queue.shift();
      if (!waiting || waiting.signal?.aborted) continue;
      // The one used last is the warmest: at low load the others stay asleep, or are never started.
      const slot = idle.pop();
      if (slot) void work(slot, waiting);
    }
  }

  return {
    async probe(source, { signal } = {}) {
      signal?.throwIfAborted();
      if (closed) throw closedError();
      const answered = new Promise<VideoProbe>((resolve, reject) => {
        queue.push({
          source: typeof source === 'string' ? source : bytesAlone(source),
          signal,
          resolve,
          reject,
        });
      });
      next();
      return await (signal ? orAborted(answered, signal) : answered);
    },
    async close() {
      closed = true;
      for (const { reject } of queue.splice(0)) reject(closedError());
      await Promise.all(slots.map((slot) => slot.close()));
    },
  };
}

function createSlots(options: ProberOptions): ProbeThreadSlot[] {
  const count = options.workers ?? Math.min(2, availableParallelism());
  const maxMemoryMb = options.maxMemoryMb ?? 256;
  const slot = {
    ...(options.entry ?? threadEntry('./probe-thread.js', import.meta.url)),
    timeoutMs: options.timeoutMs ?? 15_000,
    settings: { maxReadBytes: (maxMemoryMb / 4) * 2 ** 20, maxWasmBytes: maxMemoryMb * 2 ** 20 },
    // A small nursery: what one file leaves behind is garbage by the next, and V8 would let 50 MiB of it pile up.
    resourceLimits: { maxOldGenerationSizeMb: maxMemoryMb, maxYoungGenerationSizeMb: 8 },
  };
  return Array.from({ length: count }, () => new ProbeThreadSlot(slot));
}

function closedError(): ProbeFailedError {
  return new ProbeFailedError('closed', 'The prober was closed');
}
