import { ProbeFailedError } from './errors.js';

/** Signals that come from outside: an operator, a supervisor, or the kernel of a machine without memory. */
const FROM_OUTSIDE: ReadonlySet<NodeJS.Signals> = new Set([
  'SIGKILL',
  'SIGTERM',
  'SIGINT',
  'SIGHUP',
  'SIGQUIT',
]);

/** What the end of a process says about the file that it was reading. */
export function failureOfExit(
  code: number | null,
  signal: NodeJS.Signals | null,
  stderr: string,
): ProbeFailedError {
  const ended = `The probing process ended with ${signal ?? `code ${code}`}`;
  if (signal !== null && FROM_OUTSIDE.has(signal)) return new ProbeFailedError('unavailable', ended);
  const failure = /out of memory|allocation failed/i.test(stderr) ? 'out-of-memory' : 'crashed';
  return new ProbeFailedError(failure, stderr === '' ? ended : `${ended}: ${stderr.trim()}`);
}
