import { closeSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createProber,
  MIME_TYPES,
  NotAVideoError,
  ProbeFailedError,
  type ProberOptions,
} from '#libs/media-probe';
import type { Mutant } from './mutant-maker.js';
import { MutantSource } from './mutant-source.js';

export interface MutantRun {
  seed: number;
  /** Number of files read. */
  files: number;
  /** Number of answers by verdict or failure. */
  answers: Record<string, number>;
  /** Answers that are neither a verdict nor a failure, with the number of their file. */
  violations: string[];
  /** Files that crashed a process or exceeded a limit, with the number that reproduces them. */
  failures: string[];
  /** Resident memory of this process, MB (10⁶). */
  memoryBefore: number;
  memoryPeak: number;
}

export interface MutantOptions {
  seed: number;
  /** Number of the first file. A file depends only on the seed and its number. */
  first?: number;
  count: number;
  /** Time limit in milliseconds. */
  withinMs?: number;
  prober?: ProberOptions;
  onProgress?: (run: MutantRun) => void;
}

const IN_FLIGHT = 6;
/** More than any mutant has. */
const LARGEST_BYTES = 2 ** 20;
/** Number of files until modules are loaded and caches are filled. */
const WARM_UP = 300;

/** Place of a file in flight. */
interface Slot {
  path: string;
  bytes: Buffer;
}

/** Passes mutated fixtures to the real prober. */
export async function runMutants(folder: string, options: MutantOptions): Promise<MutantRun> {
  const { seed, first = 0, count, withinMs = Infinity, onProgress } = options;
  const source = new MutantSource(folder, seed);
  const prober = createProber(options.prober ?? { processes: 2, timeoutMs: 2_000 });
  const run: MutantRun = {
    seed,
    files: 0,
    answers: {},
    violations: [],
    failures: [],
    memoryBefore: megabytes(),
    memoryPeak: 0,
  };
  const deadline = performance.now() + withinMs;
  let next = first;

  async function work(slot: Slot): Promise<void> {
    while (next < first + count && performance.now() < deadline) {
      const mutant = await source.mutant(next++, slot.path);
      // In memory and on disk by turns, as in the service.
      await read(mutant, mutant.number % 2 === 0 ? mutant.path : inMemory(slot, mutant));
    }
  }

  async function read({ number, name }: Mutant, file: string | Uint8Array): Promise<void> {
    const answer = await prober.probe(file).catch((error: unknown) => error);
    const kind = kindOf(answer);
    const label = `${number} (${name}): ${kind ?? String(answer)}`;
    if (kind === null) run.violations.push(label);
    else run.answers[kind] = (run.answers[kind] ?? 0) + 1;
    if (answer instanceof ProbeFailedError) run.failures.push(`${label}: ${answer.message.slice(0, 200)}`);
    run.files += 1;
    if (run.files <= Math.min(WARM_UP, count / 4)) run.memoryBefore = Math.max(run.memoryBefore, megabytes());
    else run.memoryPeak = Math.max(run.memoryPeak, megabytes());
    if (run.files % 1_000 === 0) onProgress?.(run);
  }

  const scratch = mkdtempSync(join(tmpdir(), 'reelport-mutants-'));
  const slots = Array.from({ length: IN_FLIGHT }, (_, place) => ({
    path: join(scratch, String(place)),
    bytes: Buffer.alloc(LARGEST_BYTES),
  }));
  try {
    await Promise.all(slots.map(work));
  } finally {
    await Promise.all([prober.close(), source.close()]);
    rmSync(scratch, { recursive: true });
  }
  return run;
}

/** Reads a mutant into the memory of its slot, so that it leaves nothing to the garbage collector. */
function inMemory({ bytes }: Slot, { path, size }: Mutant): Uint8Array {
  if (size > bytes.length) throw new Error(`The mutant has ${size} bytes`);
  const file = openSync(path, 'r');
  try {
    readSync(file, bytes, 0, size, 0);
  } finally {
    closeSync(file);
  }
  return bytes.subarray(0, size);
}

function kindOf(answer: unknown): string | null {
  if (answer instanceof NotAVideoError) return answer.kind;
  if (answer instanceof ProbeFailedError) return `failed: ${answer.failure}`;
  const isVideo =
    typeof answer === 'object' &&
    answer !== null &&
    'mimeType' in answer &&
    [...MIME_TYPES.values()].includes(String(answer.mimeType));
  return isVideo ? 'video' : null;
}

function megabytes(): number {
  return process.memoryUsage.rss() / 1e6;
}
