import { ExitCode } from './exit-codes.js';

/** Data goes to stdout, messages go to stderr. */
export function message(line: string): void {
  process.stderr.write(`${printable(line)}\n`);
}

/**
 * Text that neither moves the cursor of a terminal nor begins another line: lists, URLs and reasons are written by
 * others.
 */
export function printable(text: string): string {
  return text.replaceAll(/[^\P{Cc}\t]/gu, '\uFFFD');
}

/** `JSON.stringify` escapes the controls below U+0020 only; some terminals obey DEL and C1 as well. */
export function jsonOf(value: unknown, indent?: number): string {
  return printableJson(JSON.stringify(value, null, indent));
}

/** Escapes the control characters that JSON may contain; its value stays the same. */
export function printableJson(json: string): string {
  return json.replaceAll(/[\u007F-\u009F]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);
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
