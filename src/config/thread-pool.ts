/** Threads for file operations and DNS lookups; 4, the default, would let downloads wait for each other. */
const THREADS = '16';
/** From this release on, loading ES modules does not start the pool. */
const LOADS_WITHOUT_POOL = 22;

/**
 * Sizes the thread pool of libuv, which reads its size once: when it is used first.
 *
 * @returns a warning if it is too late
 */
export function sizeThreadPool(
  variables: Record<string, string | undefined> = process.env,
  release: string = process.versions.node,
): string | undefined {
  if (variables['UV_THREADPOOL_SIZE'] !== undefined) return undefined;
  if (Number.parseInt(release, 10) < LOADS_WITHOUT_POOL)
    return `Downloads may wait for each other: put UV_THREADPOOL_SIZE=${THREADS} in front of the command, or use Node.js ${LOADS_WITHOUT_POOL}`;
  variables['UV_THREADPOOL_SIZE'] = THREADS;
  return undefined;
}
