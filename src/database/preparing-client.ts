import { Client, type QueryConfig } from 'pg';

const names = new Map<string, string>();

/**
 * Marks a statement as one to be prepared: on each connection, PostgreSQL parses it once, and plans it a few times
 * instead of every time, which for the statements of a small batch is a third of what they cost. Its plan may be older
 * than the rows it meets, so that it must need no statistics: one index, and no other, that fits what it looks for.
 *
 * @param text the whole statement, always the same
 * @see https://www.postgresql.org/docs/current/sql-prepare.html
 */
export function prepared(text: string): string {
  if (!names.has(text)) names.set(text, `reelport_${names.size + 1}`);
  return text;
}

/** A connection that prepares what is marked so, whoever hands it the text. */
export class PreparingClient extends Client {
  // The overloads of the original say what goes in and out; what comes here is passed on as it is.
  override query(...args: unknown[]): never;
  override query(statement: unknown, ...rest: unknown[]): unknown {
    const name = typeof statement === 'string' ? names.get(statement) : undefined;
    const named = name === undefined ? statement : ({ name, text: String(statement) } satisfies QueryConfig);
    return Reflect.apply(super.query.bind(this), this, [named, ...rest]);
  }
}
