import { randomUUID } from 'node:crypto';

/** Secrets that can be told from everything else, by what they are. */
export type Marks = Readonly<Record<string, string>>;

/** A secret of this run alone: letters and digits, which no encoding of URLs changes. */
export function newMark(): string {
  return `mark${randomUUID().replaceAll('-', '')}`;
}

/** The names of the secrets that stand in a text, as they are or as base64 of something that begins with them. */
export function marksIn(text: string, marks: Marks): string[] {
  return Object.entries(marks)
    .filter(([, mark]) => text.includes(mark) || text.includes(base64Of(mark)))
    .map(([name]) => name);
}

/** Without the last group of characters, which depends on what follows. */
function base64Of(mark: string): string {
  return Buffer.from(mark).toString('base64').slice(0, -4);
}
