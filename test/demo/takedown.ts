/** What has to be undone at the end, whatever the end is; the last comes first. */
export class Takedown {
  private readonly undoings: Array<() => Promise<void>> = [];
  private ending: Promise<void> | undefined;

  /** Remembers how to undo what was just done. Once the end has begun, it is undone at once. */
  async add(undo: () => Promise<void>): Promise<void> {
    this.undoings.push(undo);
    if (this.ending === undefined) return;
    this.ending = this.ending.then(() => this.undoAll());
    await this.ending;
  }

  /** Undoes everything; may be called again. */
  run(): Promise<void> {
    this.ending ??= this.undoAll();
    return this.ending;
  }

  private async undoAll(): Promise<void> {
    for (let undo = this.undoings.pop(); undo !== undefined; undo = this.undoings.pop()) {
      // One thing that cannot be undone must not keep the others.
      await undo().catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
    }
  }
}
