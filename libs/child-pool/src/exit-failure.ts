import { ChildFailedError } from './child-failed-error.js';

/** Signals from outside: an operator, a supervisor, or the out-of-memory killer of the kernel. */
const FROM_OUTSIDE: ReadonlySet<NodeJS.Signals> = new Set([
  'SIGKILL',
  'SIGTERM',
  'SIGINT',
  'SIGHUP',
  'SIGQUIT',
]);

/** Maps the exit of a process to a failure of the work that it was doing. */
export function failureOfExit(
  code: number | null,
  signal: NodeJS.Signals | null,
  stderr: string,
): ChildFailedError {
  const ended = `The process ended with ${signal ?? `code ${code}`}`;
  if (signal !== null && FROM_OUTSIDE.has(signal)) return new ChildFailedError('unavailable', ended);
  const failure = /out of memory|allocation failed/i.test(stderr) ? 'out-of-memory' : 'crashed';
  return new ChildFailedError(failure, stderr === '' ? ended : `${ended}: ${stderr.trim()}`);
}
