/** Data goes to stdout, messages go to stderr. */
export function message(line: string): void {
  process.stderr.write(`${line}\n`);
}

export function data(text: string): void {
  process.stdout.write(text);
}
