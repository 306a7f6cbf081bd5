import { styleText } from 'node:util';
import Table from 'cli-table3';

type Style = Parameters<typeof styleText>[0];

/** Terminals get colours, files and pipes get plain lines. */
const terminal = process.stdout.isTTY;
const colours = terminal && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb';

export function paint(style: Style, text: string): string {
  return colours ? styleText(style, text) : text;
}

export function say(line = ''): void {
  process.stdout.write(`${line}\n`);
}

export function heading(text: string): void {
  say(`\n${paint('bold', text)}`);
}

/** Prints a successful check. */
export function good(text: string): void {
  say(`  ${paint('green', '✓')} ${text}`);
}

export function bad(text: string): void {
  say(`  ${paint('red', '✗')} ${text}`);
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const drawn = new Table({ head: [...head], style: { head: [], border: [], compact: true } });
  drawn.push(...rows.map((row) => [...row]));
  say(drawn.toString());
}
