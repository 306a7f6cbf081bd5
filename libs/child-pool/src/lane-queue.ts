/** Queued work, taken from one lane after the other, in order of arrival within each lane. */
export class LaneQueue<Work extends { lane: unknown }> {
  readonly #lanes = new Map<unknown, Work[]>();

  add(work: Work): void {
    const waiting = this.#lanes.get(work.lane);
    if (waiting === undefined) this.#lanes.set(work.lane, [work]);
    else waiting.push(work);
  }

  /** Takes the next work whose lane is not blocked; that lane moves to the end of the line. */
  take(isBlocked: (lane: unknown) => boolean): Work | undefined {
    for (const [lane, waiting] of this.#lanes) {
      if (isBlocked(lane)) continue;
      this.#lanes.delete(lane);
      const work = waiting.shift();
      if (waiting.length > 0) this.#lanes.set(lane, waiting);
      if (work !== undefined) return work;
    }
    return undefined;
  }

  /** Removes and returns all queued work. */
  clear(): Work[] {
    const all = [...this.#lanes.values()].flat();
    this.#lanes.clear();
    return all;
  }
}
