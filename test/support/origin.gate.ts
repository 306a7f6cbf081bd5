/** Where answers wait that a script holds back, until somebody releases them. */
export class Gate {
  private readonly held = new Map<() => void, string>();

  /** Resolves when the path, or everything, is released. */
  wait(path: string): Promise<void> {
    return new Promise((resolve) => this.held.set(resolve, path));
  }

  /** Lets the answers of one path go, or all of them; says how many those were. */
  release(path?: string): number {
    const free = [...this.held].filter(([, of]) => path === undefined || of === path);
    for (const [resolve] of free) {
      this.held.delete(resolve);
      resolve();
    }
    return free.length;
  }
}
