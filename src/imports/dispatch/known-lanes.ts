import { Injectable } from '@nestjs/common';
import { DispatchRepository } from './dispatch.repository.js';
import type { Lane } from './lane.js';

/** What becomes due by itself is noticed so often. */
const FRESH_MS = 1_000;
/** Reading lanes may take this part of the time, however many there are. */
const PART = 10;

interface Known {
  lanes: Lane[];
  until: number;
}

/**
 * The lanes that have something due, as this process knows them. A round costs as much as it takes, not as much as
 * there is: lanes are read anew where somebody says that there is more, and now and then.
 */
@Injectable()
export class KnownLanes {
  private readonly known = new Map<string, Known>();

  constructor(private readonly repository: DispatchRepository) {}

  async of(kind: string): Promise<Lane[]> {
    const known = this.known.get(kind);
    if (known !== undefined && performance.now() < known.until) return known.lanes;
    const start = performance.now();
    // What is told while we read may be missed by the reading, so the mark is set before.
    const read: Known = { lanes: [], until: Infinity };
    this.known.set(kind, read);
    try {
      read.lanes = await this.repository.lanes(kind);
    } catch (error) {
      read.until = 0;
      throw error;
    }
    const end = performance.now();
    read.until = Math.min(read.until, end + Math.max(FRESH_MS, PART * (end - start)));
    return read.lanes;
  }

  /** Something has become pending that no lane may be known for. */
  forget(): void {
    for (const known of this.known.values()) known.until = 0;
  }

  /** The lane has nothing more that is due. */
  isEmpty(kind: string, lane: Lane): void {
    const known = this.known.get(kind);
    if (known !== undefined) known.lanes = known.lanes.filter((other) => other !== lane);
  }
}
