/** What a process may use up before it asks to be replaced. */
export interface WearLimits {
  /** Growth in bytes since the start. */
  maxGrowthBytes: number;
  /** Number of files. */
  maxFiles: number;
  /** Processor time in milliseconds, well below the limit of the system; unlimited by default. */
  maxProcessorMs?: number;
}

/** Interval of the checks, in files: a check costs a tenth of a small file. */
const EVERY = 16;

const bytesAtStart = process.memoryUsage.rss();
let files = 0;

/** Counts a file and returns whether this process should be replaced. */
export function isWornOut({ maxFiles, maxGrowthBytes, maxProcessorMs = Infinity }: WearLimits): boolean {
  files += 1;
  if (files % EVERY !== 1) return files >= maxFiles;
  const { user, system } = process.cpuUsage();
  return (
    files >= maxFiles ||
    (user + system) / 1_000 > maxProcessorMs ||
    process.memoryUsage.rss() - bytesAtStart > maxGrowthBytes
  );
}
