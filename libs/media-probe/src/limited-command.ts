import { fileURLToPath } from 'node:url';
import type { ThreadEntry } from '#libs/threads';

export interface SystemLimits {
  /** MiB of V8's heap. */
  heapMb: number;
  /** MiB of all memory that the process may write to and shares with nobody. */
  dataMb: number;
  /** Seconds of processor time of the whole life of the process. */
  processorSeconds: number;
}

/**
 * Sets limits that the kernel keeps, then becomes Node. Where a system refuses or ignores one, the others remain. A
 * machine that runs out of memory is asked to take it from this process first. No core dump: files would fill the disk
 * with them.
 *
 * @see setrlimit(2): RLIMIT_DATA counts anonymous memory since Linux 4.7; proc_pid_oom_score_adj(5)
 */
const SCRIPT = `
ulimit -c 0
ulimit -d "$1"
ulimit -t "$2"
[ ! -w /proc/self/oom_score_adj ] || echo 1000 > /proc/self/oom_score_adj
shift 2
exec "$@"
`;

/** A command line that runs a module under limits. */
export function limitedCommand(
  { entry, execArgv }: ThreadEntry,
  argument: string,
  { heapMb, dataMb, processorSeconds }: SystemLimits,
): { command: string; args: string[] } {
  const node = [
    process.execPath,
    `--max-old-space-size=${heapMb}`,
    // A small nursery: what one file leaves behind is garbage by the next, and V8 would let 50 MiB of it pile up.
    '--max-semi-space-size=2',
    '--v8-pool-size=1',
    ...execArgv,
    fileURLToPath(entry),
    argument,
  ];
  const limits = [String(dataMb * 1_024), String(processorSeconds)];
  return { command: '/bin/sh', args: ['-c', SCRIPT, 'media-probe', ...limits, ...node] };
}
