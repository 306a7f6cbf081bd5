/** Work that waits, taken from one lane after the other, in order of arrival within each. */
export class Turns<Work extends { lane: unknown }> {
  readonly #lanes = new Map<unknown, Work[]>();

  add(work: Work): void {
    const waiting = this.#lanes.get(work.lane);
    if (waiting === undefined) this.#lanes.set(work.lane, [work]);
    else waiting.push(work);
  }

  /** The next whose lane is not held up; its lane goes to the end of the line. */
  take(isHeldUp: (lane: unknown) => boolean): Work | undefined {
    for (const [lane, waiting] of this.#lanes) {
      if (isHeldUp(lane)) continue;
      this.#lanes.delete(lane);
      const work = waiting.shift();
      if (waiting.length > 0) this.#lanes.set(lane, waiting);
      if (work !== undefined) return work;
    }
    return undefined;
  }

  /** Everything that waits, which is then forgotten. */
  clear(): Work[] {
    const all = [...this.#lanes.values()].flat();
    this.#lanes.clear();
    return all;
  }
}
