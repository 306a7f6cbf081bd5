/** Writes a message for people to stderr; stdout is reserved for machine-readable output. */
export function printMessage(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Lets a command end when nobody reads its output, as `… --help | head` does. */
export function ignoreClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
