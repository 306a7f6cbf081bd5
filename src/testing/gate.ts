/** Holds hanging answers until their release. */
export class Gate {
  private readonly held = new Map<() => void, string>();

  /** Resolves on the release of the path or of all paths. */
  wait(path: string): Promise<void> {
    return new Promise((resolve) => this.held.set(resolve, path));
  }

  /** Releases the answers of one path or of all. Returns their number. */
  release(path?: string): number {
    const free = [...this.held].filter(([, of]) => path === undefined || of === path);
    for (const [resolve] of free) {
      this.held.delete(resolve);
      resolve();
    }
    return free.length;
  }
}
