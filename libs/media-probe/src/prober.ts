import { availableParallelism } from 'node:os';
import {
  ChildFailedError,
  ChildPool,
  orAborted,
  reservedCodeMb,
  type Place,
  type PoolOptions,
} from '#libs/child-pool';
import { threadEntry, type ThreadEntry } from '#libs/threads';
import { NotAVideoError, ProbeFailedError } from './errors.js';
import type { ChildAnswer, ChildSettings } from './messages.js';
import { readMessage } from './read-message.js';
import { encodeRequest } from './request-frame.js';
import type { VideoProbe } from './video-probe.js';

/** Options of one probe. */
export interface ProbeOptions {
  /** Rejects the promise with the signal's reason. A file in flight is read on and its result dropped. */
  signal?: AbortSignal;
  /** Key for fair scheduling: lanes take turns. Default: a lane of its own for each file. */
  lane?: string;
}

/** Identifies files in child processes. */
export interface Prober {
  /**
   * @param source path of a local file, which is opened for reading only; or the bytes of a file, which must not change
   *   until the promise settles. Files and addresses named in the file are never opened
   * @returns container, codecs, display size in pixels and duration in seconds
   * @throws NotAVideoError if the file is not a video; {@link ProbeFailedError} if it could not be classified;
   *   the signal's reason if it was aborted
   */
  probe(source: string | Uint8Array, options?: ProbeOptions): Promise<VideoProbe>;
  /**
   * Ends all processes. Waiting and in-flight files fail with {@link ProbeFailedError} (`closed`).
   *
   * @returns when the processes have ended, after 5 s at the latest
   */
  close(): Promise<void>;
}

/** Processes and limits of a prober. */
export interface ProberOptions {
  /**
   * Number of processes, each reading one file at a time; started on demand. Up to two more run while files are slow.
   * Default: one per core, at most 2.
   */
  processes?: number;
  /** Maximum processor time for one file, in milliseconds. Default: 10 000. */
  timeoutMs?: number;
  /**
   * MiB by which one process may grow; also the limit of its heap and of its WebAssembly memory. The system limits all
   * of its memory to twice as much plus an allowance for Node. All reads of one file are limited to it, a single read
   * to a quarter. Default: 256.
   */
  maxMemoryMb?: number;
  /** Number of files after which a process is replaced. Default: 50 000. */
  maxFiles?: number;
  /**
   * Processor time in milliseconds after which a file counts as slow and gives its place to other lanes. Default: 1000.
   */
  slowAfterMs?: number;
  /** Replaces the entry of the processes. For tests with misbehaving processes. */
  entry?: ThreadEntry;
}

/** Memory of Node itself, including when it runs from source. */
const NODE_MB = 192;
/** A small nursery: the objects of one file are garbage by the next, and V8 would accumulate 50 MiB of them. */
const SMALL = ['--max-semi-space-size=2', '--v8-pool-size=1'];
const MAX_SLOW = 2;
/** A process asks for its replacement after half of this. */
const PROCESSOR_SECONDS = 600;

/**
 * Creates a prober. Processes start with the first files.
 *
 * @returns a prober; call `close()` to end its processes
 */
export function createProber(options: ProberOptions = {}): Prober {
  const pool = new ChildPool(poolOptions(options));
  return {
    async probe(source, { signal, lane } = {}) {
      const answered = probe(pool, source, { signal, lane });
      return await (signal ? orAborted(answered, signal) : answered);
    },
    close: () => pool.close(),
  };
}

async function probe(pool: ChildPool, source: string | Uint8Array, place: Place): Promise<VideoProbe> {
  const answer = await answerOf(pool, source, place);
  if ('probe' in answer) return answer.probe;
  if ('refused' in answer) throw new NotAVideoError(answer.refused.kind, answer.refused.reason);
  throw new ProbeFailedError(answer.failed.failure, answer.failed.message);
}

async function answerOf(pool: ChildPool, source: string | Uint8Array, place: Place): Promise<ChildAnswer> {
  try {
    return await pool.run(place, (child) =>
      child.ask<ChildAnswer>({
        request: () => encodeRequest(source),
        read: (line, reply) => {
          const message = readMessage(line);
          if (!('read' in message)) return { answer: message };
          if (typeof source !== 'string') reply(source.subarray(...message.read));
          return undefined;
        },
      }),
    );
  } catch (error) {
    if (!(error instanceof ChildFailedError)) throw error;
    throw new ProbeFailedError(error.failure, error.message, { cause: error.cause });
  }
}

function poolOptions(options: ProberOptions): PoolOptions {
  const maxMemoryMb = options.maxMemoryMb ?? 256;
  const maxBytes = maxMemoryMb * 2 ** 20;
  const entry = options.entry ?? threadEntry('./probe-child.js', import.meta.url);
  // From source, each of the two threads has a TypeScript loader, which is an isolate of its own.
  const isolates = entry.execArgv.length === 0 ? 1 : 4;
  const settings: ChildSettings = {
    maxReadBytes: maxBytes / 4,
    maxWasmBytes: maxBytes,
    // Growth below this may be dead buffers, of which V8 accumulates tens of MiB.
    maxGrowthBytes: (maxBytes * 3) / 4,
    maxFiles: options.maxFiles ?? 50_000,
    maxProcessorMs: (PROCESSOR_SECONDS * 1_000) / 2,
  };
  return {
    processes: options.processes ?? Math.min(2, availableParallelism()),
    timeoutMs: options.timeoutMs ?? 10_000,
    slowAfterMs: options.slowAfterMs ?? 1_000,
    maxSlow: MAX_SLOW,
    maxGrowthBytes: maxBytes,
    entry: { ...entry, execArgv: [...SMALL, ...entry.execArgv] },
    args: [JSON.stringify(settings)],
    environment: { UV_THREADPOOL_SIZE: '1' },
    limits: {
      heapMb: maxMemoryMb,
      dataMb: 2 * maxMemoryMb + NODE_MB + isolates * reservedCodeMb(),
      processorSeconds: PROCESSOR_SECONDS,
    },
  };
}
