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

interface Known {
  /** Longest wait first: new and served lanes go to the end. */
  lanes: Map<string, KnownLane>;
  /** Lanes whose items are to be given up. */
  unreachable: Map<string, Lane>;
  readMs: number;
  readAt: number;
  /** When the walk continues. */
  until: number;
}

/**
 * This process's cache of lanes that have due items and a closed circuit: at most `LANES`, shared between projects,
 * then imports. New lanes from the walk replace lanes that have been served; a lane that does not fit gets another
 * chance in the next cycle. Empty and blocked lanes are dropped until the walk meets them again.
 */
@Injectable()
export class KnownLanes {
  private readonly known = new Map<string, Known>();

  constructor(private readonly walk: LaneWalk) {}

  async of(kind: string): Promise<readonly Lane[]> {
    const known = this.knownOf(kind);
    if (performance.now() >= known.until) await this.walkOn(kind, known);
    return [...known.lanes.values()];
  }

  /** Makes the walk continue at once, because new pending items may belong to unknown lanes. */
  forget(): void {
    for (const known of this.known.values()) known.until = 0;
  }

  /** @param isEmpty whether the lane had fewer due items than requested */
  noteServed(kind: string, lane: Lane, isEmpty: boolean): void {
    const { lanes } = this.knownOf(kind);
    lanes.delete(keyOf(lane));
    if (!isEmpty) lanes.set(keyOf(lane), { ...lane, served: true });
  }

  /** Drops a lane while the circuit of its host is open. */
  noteBlocked(kind: string, lane: Lane, forMs: number): void {
    const known = this.knownOf(kind);
    known.lanes.delete(keyOf(lane));
    const at = Math.max(performance.now() + forMs, known.readAt + PARTS * known.readMs);
    known.until = Math.min(known.until, at);
  }

  /** Returns the lanes met since the last call whose host has been failing for too long. */
  takeUnreachable(kind: string): Lane[] {
    const { unreachable } = this.knownOf(kind);
    const lanes = [...unreachable.values()];
    unreachable.clear();
    return lanes;
  }

  private async walkOn(kind: string, known: Known): Promise<void> {
    // Signals in quick succession must not make the walk take all of the time.
    await wait(Math.max(0, known.readAt + (HASTE_PARTS - 1) * known.readMs - performance.now()));
    // Set before reading: the read may miss items that are signalled meanwhile.
    known.until = Infinity;
    const start = performance.now();
    let hasMore: boolean;
    try {
      do {
        const page = await this.walk.page(kind);
        note(known, page.lanes);
        ({ hasMore } = page);
      } while (hasMore && known.lanes.size < ENOUGH && performance.now() - start < LONGEST_WALK_MS);
    } catch (error) {
      known.until = 0;
      throw error;
    }
    known.readAt = performance.now();
    known.readMs = known.readAt - start;
    const pauseMs = Math.max(hasMore ? 0 : FRESH_MS, PARTS * known.readMs);
    known.until = Math.min(known.until, known.readAt + pauseMs);
  }

  private knownOf(kind: string): Known {
    const known = this.known.get(kind) ?? {
      lanes: new Map<string, KnownLane>(),
      unreachable: new Map<string, Lane>(),
      readMs: 0,
      readAt: 0,
      until: 0,
    };
    this.known.set(kind, known);
    return known;
  }
}

function note(known: Known, found: readonly FoundLane[]): void {
  // Shuffled, because in walk order the lanes at the end of each page would never fit.
  for (const { isDue, isBlocked, isUnreachable, ...lane } of shuffled(found)) {
    const key = keyOf(lane);
    if (isUnreachable && known.unreachable.size < LANES) known.unreachable.set(key, lane);
    if (!isDue || isBlocked) known.lanes.delete(key);
    else if (!known.lanes.has(key)) known.lanes.set(key, { ...lane, served: false });
  }
  if (known.lanes.size <= LANES) return;
  const unservedFirst = [...known.lanes.values()].toSorted((a, b) => Number(a.served) - Number(b.served));
  const kept = new Set(fairestLanes(unservedFirst, LANES).map(keyOf));
  for (const key of known.lanes.keys()) if (!kept.has(key)) known.lanes.delete(key);
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
