import { fileURLToPath } from 'node:url';
import type { ThreadEntry } from '#libs/threads';

export interface ChildLimits {
  /** MiB of V8's heap. */
  heapMb: number;
  /** MiB of private writable memory of the process; unlimited by default. */
  dataMb?: number;
  /** Seconds of processor time over the lifetime of the process; unlimited by default. */
  processorSeconds?: number;
}

/**
 * Sets kernel limits, then executes Node. If a system refuses or ignores one limit, the others still apply. The script
 * also makes this process the first candidate when the machine runs out of memory, and disables core dumps, which files
 * could use to fill the disk.
 *
 * @see setrlimit(2): RLIMIT_DATA counts anonymous memory since Linux 4.7; proc_pid_oom_score_adj(5)
 */
const SCRIPT = `
ulimit -c 0
[ -z "$1" ] || ulimit -d "$1"
[ -z "$2" ] || ulimit -t "$2"
[ ! -w /proc/self/oom_score_adj ] || echo 1000 > /proc/self/oom_score_adj
shift 2
exec "$@"
`;

/** Returns a command line that runs a module under limits. */
export function limitedCommand(
  { entry, execArgv }: ThreadEntry,
  args: readonly string[],
  { heapMb, dataMb, processorSeconds }: ChildLimits,
): { command: string; args: string[] } {
  const node = [
    process.execPath,
    `--max-old-space-size=${heapMb}`,
    ...execArgv,
    fileURLToPath(entry),
    ...args,
  ];
  const limits = [dataMb === undefined ? '' : String(dataMb * 1_024), String(processorSeconds ?? '')];
  return { command: '/bin/sh', args: ['-c', SCRIPT, 'child-pool', ...limits, ...node] };
}
