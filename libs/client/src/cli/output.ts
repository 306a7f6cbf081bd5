import { ExitCode } from './exit-codes.js';

/** Data goes to stdout, messages go to stderr. */
export function message(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Ends the process when nobody reads its output, as `reelport … | head` does: what would follow has no reader. */
export function endWithReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      process.exit(ExitCode.outputClosed);
    });
  }
}

export function data(text: string): void {
  process.stdout.write(text);
}
