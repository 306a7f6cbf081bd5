import type { IdLines } from './check.js';

/** Lines of ids of a list that is in memory anyway. */
export class IdMap implements IdLines {
  private readonly lines = new Map<string, number>();

  add(id: string, line: number): number | undefined {
    const earlier = this.lines.get(id);
    if (earlier === undefined) this.lines.set(id, line);
    return earlier;
  }

  /** The line of an id; undefined if it was not added. */
  lineOf(id: string): number | undefined {
    return this.lines.get(id);
  }
}
