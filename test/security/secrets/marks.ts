import { randomUUID } from 'node:crypto';

/** Unmistakable secrets by their name. */
export type Marks = Readonly<Record<string, string>>;

/** A random secret of letters and digits, which no URL encoding changes. */
export function newMark(): string {
  return `mark${randomUUID().replaceAll('-', '')}`;
}

/** Names of the secrets in a text, either literal or as base64 of a value that begins with them. */
export function marksIn(text: string, marks: Marks): string[] {
  return Object.entries(marks)
    .filter(([, mark]) => text.includes(mark) || text.includes(base64Of(mark)))
    .map(([name]) => name);
}

/** Without the last group of characters, which depends on the following bytes. */
function base64Of(mark: string): string {
  return Buffer.from(mark).toString('base64').slice(0, -4);
}
