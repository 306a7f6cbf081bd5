/** For the person in front of the screen: stdout is for what programs read. */
export function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
