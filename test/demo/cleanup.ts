/** Cleanup tasks for any end of the demo, in reverse order. */
export class Cleanup {
  private readonly tasks: Array<() => Promise<void>> = [];
  private ending: Promise<void> | undefined;

  /** Adds a cleanup task. If the cleanup has started already, the task runs at once. */
  async add(task: () => Promise<void>): Promise<void> {
    this.tasks.push(task);
    if (this.ending === undefined) return;
    this.ending = this.ending.then(() => this.runAll());
    await this.ending;
  }

  /** Runs all tasks once; may be called again. */
  run(): Promise<void> {
    this.ending ??= this.runAll();
    return this.ending;
  }

  private async runAll(): Promise<void> {
    for (let task = this.tasks.pop(); task !== undefined; task = this.tasks.pop()) {
      // A failed task must not stop the others.
      await task().catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
    }
  }
}
