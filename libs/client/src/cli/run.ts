export { commandName } from './command-name.js';
import { endWithReader } from './output.js';
import { clientCommands, runClient } from './program.js';
import { keepYoungGenerationSmall } from './young-generation.js';

/** Whether the first argument is a command of the partner's toolkit. */
export function isClientCommand(name: string | undefined): boolean {
  return name !== undefined && ['-V', '--version', ...clientCommands()].includes(name);
}

/**
 * Runs a command until it ends or Ctrl-C interrupts it; the second Ctrl-C ends the process at once.
 *
 * @param args arguments after the program name
 * @returns the exit code
 */
export function runInterruptible(args: readonly string[]): Promise<number> {
  keepYoungGenerationSmall();
  endWithReader();
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => interrupted.abort(new Error('Interrupted')));
  }
  return runClient(args, interrupted.signal);
}
