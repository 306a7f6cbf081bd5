/** Writes a message for people to stderr; stdout is reserved for machine-readable output. */
export function printMessage(line: string): void {
  process.stderr.write(`${line}\n`);
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
