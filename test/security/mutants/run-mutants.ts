import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createProber,
  MIME_TYPES,
  NotAVideoError,
  ProbeFailedError,
  type ProberOptions,
} from '#libs/media-probe';
import { mutate } from './mutate.js';
import { seeded } from './random.js';

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
/** Number of files until modules are loaded and caches are filled. */
const WARM_UP = 300;

/** Passes mutated fixtures to the real prober. */
export async function runMutants(folder: string, options: MutantOptions): Promise<MutantRun> {
  const { seed, first = 0, count, withinMs = Infinity, onProgress } = options;
  const fixtures = readdirSync(folder)
    .filter((name) => !/\.(json|md|mjs|sh)$/.test(name))
    .toSorted()
    .map((name) => ({ name, bytes: readFileSync(join(folder, name)) }))
    .filter(({ bytes }) => bytes.length > 0);
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

  async function work(): Promise<void> {
    while (next < first + count && performance.now() < deadline) {
      const number = next++;
      const random = seeded(Math.imul(seed, 0x9e3779b1) + number);
      const fixture = random.of(fixtures);
      if (fixture === undefined) throw new Error(`There are no fixtures in ${folder}`);
      await read(number, fixture.name, mutate(fixture.bytes, random));
    }
  }

  async function read(number: number, name: string, bytes: Buffer): Promise<void> {
    const answer = await prober.probe(bytes).catch((error: unknown) => error);
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

  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
  await prober.close();
  return run;
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
