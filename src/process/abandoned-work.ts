/** Calls of one name that may go on after their signal: they hold memory and connections. */
export const MAX_ABANDONED = 64;

/** Counts work that was given up, and goes on in the background, by name. */
export class AbandonedWork {
  private readonly counts = new Map<string, number>();

  countOf(name: string): number {
    return this.counts.get(name) ?? 0;
  }

  /** Counts work until it ends. @returns whether the limit is reached by it */
  add(name: string, work: Promise<unknown>): boolean {
    this.change(name, 1);
    const ended = (): void => this.change(name, -1);
    work.then(ended, ended);
    return this.countOf(name) === MAX_ABANDONED;
  }

  private change(name: string, by: 1 | -1): void {
    const count = this.countOf(name) + by;
    if (count === 0) this.counts.delete(name);
    else this.counts.set(name, count);
  }
}
