import { availableParallelism } from 'node:os';
import { reservedCodeMb } from './reserved-code-range.js';
import { threadEntry, type ThreadEntry } from '#libs/threads';
import { orAborted } from './or-aborted.js';
import { ProbePool, type PoolOptions } from './probe-pool.js';
import type { VideoProbe } from './video-probe.js';

export interface ProbeOptions {
  /** Aborting rejects the promise with the signal's reason. A file already being read is read on, unheard. */
  signal?: AbortSignal;
  /** On whose behalf the file is read: lanes take turns. Files without one are each in a lane of their own. */
  lane?: string;
}

/** Says what a file is, in processes of its own. */
export interface Prober {
  /**
   * @param source path of a local file, which is opened for reading only; or the bytes of a file, which must not change
   *   meanwhile. Nothing that it names is ever opened
   * @throws NotAVideoError where the file is no video; {@link ProbeFailedError} where it was not read to a verdict;
   *   the signal's reason where it was aborted
   */
  probe(source: string | Uint8Array, options?: ProbeOptions): Promise<VideoProbe>;
  /** Ends all processes. Files that wait or are in flight fail with {@link ProbeFailedError} (`closed`). */
  close(): Promise<void>;
}

export interface ProberOptions {
  /**
   * Processes, each reading one file at a time; started when first needed. While files are slow there are up to two more.
   * Default: one for each core, at most 2.
   */
  processes?: number;
  /** The most processor time that one file may take, in milliseconds. Default: 10 000. */
  timeoutMs?: number;
  /**
   * MiB by which one process may grow; also the limit of its heap, and of the WebAssembly in it. The system holds all its
   * memory to twice as much and some for Node itself. All reads of one file are limited to it, a single one to a quarter.
   * Default: 256.
   */
  maxMemoryMb?: number;
  /** Files after which a process is replaced. Default: 50 000. */
  maxFiles?: number;
  /** Milliseconds of processor time after which a file counts as slow and gives its place to other lanes. Default: 1 000. */
  slowAfterMs?: number;
  /** What the processes run, instead of the parsers: for tests of what happens to a process that goes astray. */
  entry?: ThreadEntry;
}

/** What Node itself may take beside a file, when it runs from source as well. */
const NODE_MB = 192;
const MAX_SLOW = 2;
/** A process asks for its replacement when it has used up half of it. */
const PROCESSOR_SECONDS = 600;

/** Starts nothing yet: processes begin with the first files. */
export function createProber(options: ProberOptions = {}): Prober {
  const pool = new ProbePool(poolOptions(options));
  return {
    async probe(source, { signal, lane } = {}) {
      signal?.throwIfAborted();
      const answered = new Promise<VideoProbe>((resolve, reject) => {
        pool.add({ source, lane: lane ?? Symbol('alone'), signal, resolve, reject });
      });
      return await (signal ? orAborted(answered, signal) : answered);
    },
    close: () => pool.close(),
  };
}

function poolOptions(options: ProberOptions): PoolOptions {
  const maxMemoryMb = options.maxMemoryMb ?? 256;
  const maxBytes = maxMemoryMb * 2 ** 20;
  const entry = options.entry ?? threadEntry('./probe-child.js', import.meta.url);
  // From source, each of the two threads has a loader of TypeScript, which is an isolate of its own.
  const isolates = entry.execArgv.length === 0 ? 1 : 4;
  return {
    processes: options.processes ?? Math.min(2, availableParallelism()),
    timeoutMs: options.timeoutMs ?? 10_000,
    slowAfterMs: options.slowAfterMs ?? 1_000,
    maxSlow: MAX_SLOW,
    maxGrowthBytes: maxBytes,
    entry,
    settings: {
      maxReadBytes: maxBytes / 4,
      maxWasmBytes: maxBytes,
      // V8 lets tens of MiB of dead buffers pile up, which is no reason.
      maxGrowthBytes: (maxBytes * 3) / 4,
      maxFiles: options.maxFiles ?? 50_000,
      maxProcessorMs: (PROCESSOR_SECONDS * 1_000) / 2,
    },
    limits: {
      heapMb: maxMemoryMb,
      dataMb: 2 * maxMemoryMb + NODE_MB + isolates * reservedCodeMb(),
      processorSeconds: PROCESSOR_SECONDS,
    },
  };
}
