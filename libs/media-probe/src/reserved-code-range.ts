import { readFileSync } from 'node:fs';

/** What V8 reserves at most on a 64-bit machine. */
const MOST_MB = 512;

/**
 * MiB that V8 reserves for the machine code of an isolate. Since Node 22 the range is mapped writable from the start, so
 * that RLIMIT_DATA counts all of it although hardly any is used; before, it is not counted.
 *
 * The processes to be started run the same V8 as this one, so that its own mappings tell.
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

/** Bytes of a mapping that is writable, executable and private; 0 for any other. */
function bytesOfCodeRange(mapping: string): number {
  const [, from = '0', to = '0'] = /^([0-9a-f]+)-([0-9a-f]+) .wxp /.exec(mapping) ?? [];
  return Number.parseInt(to, 16) - Number.parseInt(from, 16);
}
