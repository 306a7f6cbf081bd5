import { readFileSync } from 'node:fs';

/** The maximum that V8 reserves on a 64-bit machine. */
const MOST_MB = 512;

/**
 * Returns the MiB that V8 reserves for the machine code of an isolate. Since Node 22 the range is mapped writable from
 * the start, so RLIMIT_DATA counts all of it although hardly any is used; before, it is not counted.
 *
 * Probing processes run the same V8 as this process, so its own mappings show the size.
 *
 * @see https://man7.org/linux/man-pages/man5/proc_pid_maps.5.html
 */
export function reservedCodeMb(): number {
  try {
    const mappings = readFileSync('/proc/self/maps', 'latin1').split('\n');
    // Each thread of this process may have a range of its own.
    return Math.ceil(Math.max(...mappings.map(bytesOfCodeRange)) / 2 ** 20);
  } catch {
    return MOST_MB;
  }
}

/** Size in bytes of a writable, executable, private mapping; 0 for any other. */
function bytesOfCodeRange(mapping: string): number {
  const [, from = '0', to = '0'] = /^([0-9a-f]+)-([0-9a-f]+) .wxp /.exec(mapping) ?? [];
  return Number.parseInt(to, 16) - Number.parseInt(from, 16);
}
