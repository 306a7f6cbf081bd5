import type { ChildSettings } from './messages.js';

/** How often is looked, in files: a look costs as much as a tenth of a small file. */
const EVERY = 16;

const bytesAtStart = process.memoryUsage.rss();
let files = 0;

/** Counts a file, and says whether this process should be replaced by a fresh one. */
export function isWornOut({ maxFiles, maxGrowthBytes, maxProcessorMs }: ChildSettings): boolean {
  files += 1;
  if (files % EVERY !== 1) return files >= maxFiles;
  const { user, system } = process.cpuUsage();
  return (
    files >= maxFiles ||
    (user + system) / 1_000 > maxProcessorMs ||
    process.memoryUsage.rss() - bytesAtStart > maxGrowthBytes
  );
}
