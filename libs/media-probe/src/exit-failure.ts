import { ProbeFailedError } from './errors.js';

/** Signals from outside: an operator, a supervisor, or the out-of-memory killer of the kernel. */
const FROM_OUTSIDE: ReadonlySet<NodeJS.Signals> = new Set([
  'SIGKILL',
  'SIGTERM',
  'SIGINT',
  'SIGHUP',
  'SIGQUIT',
]);

/** Maps the exit of a process to a failure of the file that it was reading. */
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
