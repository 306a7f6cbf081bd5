/** Most steps of a start take less, and need no line. */
const SLOW_MS = 1_000;

/** Waits for a step, and logs a line if that takes longer than a second. */
export async function announced<T>(log: (line: string) => void, line: string, step: Promise<T>): Promise<T> {
  const timer = setTimeout(() => log(line), SLOW_MS);
  try {
    return await step;
  } finally {
    clearTimeout(timer);
  }
}
