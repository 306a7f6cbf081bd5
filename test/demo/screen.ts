import { styleText } from 'node:util';
import Table from 'cli-table3';

type Style = Parameters<typeof styleText>[0];

const BAR_WIDTH = 30;
const ERASE_LINE = '\r\u001b[2K';

/** Terminals get colours and a progress bar, files and pipes get plain lines. */
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
  clearBar();
  say(`  ${paint('red', '✗')} ${text}`);
}

/** Draws the progress in place; only in a terminal. */
export function bar(done: number, total: number): void {
  if (!terminal) return;
  const filled = total === 0 ? BAR_WIDTH : Math.round((BAR_WIDTH * done) / total);
  const drawn = paint('green', '█'.repeat(filled)) + paint('dim', '░'.repeat(BAR_WIDTH - filled));
  process.stdout.write(`${ERASE_LINE}  ${drawn} ${done} of ${total}`);
}

/** Erases the progress bar before the next output. */
export function clearBar(): void {
  if (terminal) process.stdout.write(ERASE_LINE);
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const drawn = new Table({ head: [...head], style: { head: [], border: [], compact: true } });
  drawn.push(...rows.map((row) => [...row]));
  say(drawn.toString());
}
