import { setTimeout as wait } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { fairestLanes } from './fairest-lanes.js';
import type { Lane } from '../item/lane.js';
import type { FoundLane } from './lane-walk.repository.js';
import { LaneWalk } from './lane-walk.js';

/** Maximum lanes that a round chooses from. */
export const LANES = 512;
/** With fewer lanes than this, the walk continues at once, up to `LONGEST_WALK_MS`. */
const ENOUGH = 64;
const LONGEST_WALK_MS = 50;
/** Pause after a complete walk, and thus the delay until items whose backoff ends are noticed. */
const FRESH_MS = 1_000;
/** The walk may take 1/PARTS of the time, however large the backlog is. */
const PARTS = 10;
/** And 1/HASTE_PARTS while signals about new items arrive. */
const HASTE_PARTS = 3;

interface KnownLane extends Lane {
  /** Whether items were dispatched from it since the walk met it. */
  served: boolean;
}

/**
 * This process's cache of lanes that have due items and a closed circuit: at most `LANES`, shared between projects,
 * then imports. New lanes from the walk replace lanes that have been served; a lane that does not fit gets another
 * chance in the next cycle. Empty and blocked lanes are dropped until the walk meets them again.
 */
@Injectable()
export class KnownLanes {
  /** Longest wait first: new and served lanes go to the end. */
  private readonly lanes = new Map<string, KnownLane>();
  /** Lanes whose items are to be given up. */
  private readonly unreachable = new Map<string, Lane>();
  private readMs = 0;
  private readAt = 0;
  /** When the walk continues. */
  private until = 0;

  constructor(private readonly walk: LaneWalk) {}

  async current(): Promise<readonly Lane[]> {
    if (performance.now() >= this.until) await this.walkOn();
    return [...this.lanes.values()];
  }

  /** Makes the walk continue at once, because new pending items may belong to unknown lanes. */
  forget(): void {
    this.until = 0;
  }

  /** @param isEmpty whether the lane had fewer due items than requested */
  noteServed(lane: Lane, isEmpty: boolean): void {
    this.lanes.delete(keyOf(lane));
    if (!isEmpty) this.lanes.set(keyOf(lane), { ...lane, served: true });
  }

  /** Drops a lane while the circuit of its host is open. */
  noteBlocked(lane: Lane, forMs: number): void {
    this.lanes.delete(keyOf(lane));
    const at = Math.max(performance.now() + forMs, this.readAt + PARTS * this.readMs);
    this.until = Math.min(this.until, at);
  }

  /** Returns the lanes met since the last call whose host has been failing for too long. */
  takeUnreachable(): Lane[] {
    const lanes = [...this.unreachable.values()];
    this.unreachable.clear();
    return lanes;
  }

  private async walkOn(): Promise<void> {
    // Signals in quick succession must not make the walk take all of the time.
    await wait(Math.max(0, this.readAt + (HASTE_PARTS - 1) * this.readMs - performance.now()));
    // Set before reading: the read may miss items that are signalled meanwhile.
    this.until = Infinity;
    const start = performance.now();
    let hasMore: boolean;
    try {
      do {
        const page = await this.walk.page();
        this.note(page.lanes);
        ({ hasMore } = page);
      } while (hasMore && this.lanes.size < ENOUGH && performance.now() - start < LONGEST_WALK_MS);
    } catch (error) {
      this.until = 0;
      throw error;
    }
    this.readAt = performance.now();
    this.readMs = this.readAt - start;
    const pauseMs = Math.max(hasMore ? 0 : FRESH_MS, PARTS * this.readMs);
    this.until = Math.min(this.until, this.readAt + pauseMs);
  }

  private note(found: readonly FoundLane[]): void {
    const { lanes, unreachable } = this;
    // Shuffled, because in walk order the lanes at the end of each page would never fit.
    for (const { isDue, isBlocked, isUnreachable, ...lane } of shuffled(found)) {
      const key = keyOf(lane);
      if (isUnreachable && unreachable.size < LANES) unreachable.set(key, lane);
      if (!isDue || isBlocked) lanes.delete(key);
      else if (!lanes.has(key)) lanes.set(key, { ...lane, served: false });
    }
    if (lanes.size <= LANES) return;
    const unservedFirst = [...lanes.values()].toSorted((a, b) => Number(a.served) - Number(b.served));
    const kept = new Set(fairestLanes(unservedFirst, LANES).map(keyOf));
    for (const key of lanes.keys()) if (!kept.has(key)) lanes.delete(key);
  }
}

function shuffled<T>(values: readonly T[]): T[] {
  return values
    .map((value) => ({ value, place: Math.random() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ value }) => value);
}

function keyOf({ importId, host }: Lane): string {
  return `${importId} ${host}`;
}
