import { setTimeout as wait } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { fairestLanes } from './fairest-lanes.js';
import type { Lane } from '../item/lane.js';
import type { FoundLane } from './lane-walk.repository.js';
import { LaneWalk } from './lane-walk.js';

/** Lanes that a round chooses from at most. */
export const LANES = 512;
/** With fewer lanes than this, the walk goes on at once, for a while. */
const ENOUGH = 64;
const LONGEST_WALK_MS = 50;
/** A walk that has met everything rests so long; what becomes due by itself is noticed then. */
const FRESH_MS = 1_000;
/** Walking may take one part of the time in so many, however much there is. */
const PARTS = 10;
/** And one in so many while new items are announced. */
const PARTS_IN_HASTE = 3;

interface KnownLane extends Lane {
  /** Whether something was taken from it since the walk met it. */
  served: boolean;
}

interface Known {
  /** In the order in which they have waited: what is new or was served goes to the end. */
  lanes: Map<string, KnownLane>;
  /** Those whose items are to be given up. */
  unreachable: Map<string, Lane>;
  readMs: number;
  readAt: number;
  /** When to walk on. */
  until: number;
}

/**
 * The lanes that have something due and whose host may be asked, as this process knows them: at most `LANES`, shared
 * between projects, then imports. The walk brings new ones, which take the places of lanes that were served since they
 * came; whoever finds no room may find it the next time round. A lane that proves to be empty or blocked is dropped
 * until the walk meets it again.
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

  /** Something has become pending that no lane may be known for. */
  forget(): void {
    for (const known of this.known.values()) known.until = 0;
  }

  /** @param isEmpty whether the lane gave less than was asked for, so that it has nothing more that is due */
  noteServed(kind: string, lane: Lane, isEmpty: boolean): void {
    const { lanes } = this.knownOf(kind);
    lanes.delete(keyOf(lane));
    if (!isEmpty) lanes.set(keyOf(lane), { ...lane, served: true });
  }

  /** The circuit of the lane's host is open: the lane takes nobody's place meanwhile. */
  noteBlocked(kind: string, lane: Lane, forMs: number): void {
    const known = this.knownOf(kind);
    known.lanes.delete(keyOf(lane));
    const at = Math.max(performance.now() + forMs, known.readAt + PARTS * known.readMs);
    known.until = Math.min(known.until, at);
  }

  /** Lanes that the walk has met since the last call, and whose host has been failing for too long. */
  takeUnreachable(kind: string): Lane[] {
    const { unreachable } = this.knownOf(kind);
    const lanes = [...unreachable.values()];
    unreachable.clear();
    return lanes;
  }

  private async walkOn(kind: string, known: Known): Promise<void> {
    // Whoever announces items in quick succession does not make the walk take all of the time.
    await wait(Math.max(0, known.readAt + (PARTS_IN_HASTE - 1) * known.readMs - performance.now()));
    // What is announced while we read may be missed by the reading, so the mark is set before.
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
  // What finds no room is left to chance: by the order of the walk, the end of each page would miss out every time.
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
