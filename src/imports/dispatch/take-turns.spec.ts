import { assert, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Lane, InFlightCount } from '../item/lane.js';
import { takeTurns } from './take-turns.js';
import { faultsOf } from './testing/faults-of-turns.js';
import { situation } from './testing/situation.js';

function lane(projectId: number, importId: string, host = 'a', priority = 0): Lane {
  return { projectId, importId, sequence: BigInt(importId.charCodeAt(0)), priority, host };
}

/** Running items, unless counted as queued. */
function inFlight(projectId: number, importId: string, count: number, host = 'a', queued = 0): InFlightCount {
  return { projectId, importId, host, count, queued };
}

/** Items per lane, as `import host: count`. */
function shares(
  window: number,
  lanes: Lane[],
  busy: InFlightCount[] = [],
  hostLimit: (host: string) => number = () => 100,
): string[] {
  return takeTurns({ window, lanes, inFlightCounts: busy, hostLimit })
    .map(({ lane: { importId, host }, turns }) => `${importId} ${host}: ${turns.length}`)
    .toSorted();
}

const threeOfA = (host: string): number => (host === 'a' ? 3 : 1);
const onlyThreeOfA = (host: string): number => (host === 'a' ? 3 : 100);

describe('turns', () => {
  it('go to the only lane', () => {
    expect(shares(4, [lane(1, 'x')])).toEqual(['x a: 4']);
    expect(shares(0, [lane(1, 'x')])).toEqual([]);
    expect(shares(4, [])).toEqual([]);
  });

  it('are shared between projects, however many imports one of them has', () => {
    expect(shares(6, [lane(1, 'x'), lane(1, 'y'), lane(2, 'z')])).toEqual(['x a: 2', 'y a: 1', 'z a: 3']);
  });

  it('go first to the project and import with the fewest in-flight items', () => {
    expect(shares(4, [lane(1, 'x'), lane(2, 'y')], [inFlight(1, 'x', 3)])).toEqual(['x a: 1', 'y a: 3']);
    expect(shares(4, [lane(1, 'x'), lane(1, 'y')], [inFlight(1, 'x', 9)])).toEqual(['y a: 4']);
  });

  it('are shared between the hosts of an import, so that a slow host does not delay the others', () => {
    const lanes = [lane(1, 'x', 'dead'), lane(1, 'x', 'fast'), lane(1, 'x', 'quick')];
    expect(shares(4, lanes, [inFlight(1, 'x', 4, 'dead')])).toEqual(['x fast: 2', 'x quick: 2']);
  });

  it('go to imports of a higher priority first, which takes nothing from other projects', () => {
    const high = lane(1, 'high', 'a', 1);
    const lanes = [lane(1, 'low', 'a', -1), lane(1, 'normal'), high, lane(2, 'other')];
    expect(shares(4, lanes, [inFlight(1, 'high', 2), inFlight(2, 'other', 2)])).toEqual([
      'high a: 2',
      'other a: 2',
    ]);
    expect(shares(2, lanes.slice(0, 2))).toEqual(['normal a: 2']);
  });

  it('go to imports of a lower priority while the hosts of the others are at their limit', () => {
    const lanes = [lane(1, 'low', 'b', -1), lane(1, 'normal', 'b'), lane(1, 'high', 'a', 1)];
    expect(shares(5, lanes, [], threeOfA)).toEqual(['high a: 3', 'normal b: 1']);
    expect(shares(5, lanes, [inFlight(1, 'normal', 1, 'b')], () => 2)).toEqual(['high a: 2', 'normal b: 1']);
  });

  it('skip a host at its limit', () => {
    const lanes = [lane(1, 'x', 'a'), lane(2, 'y', 'a'), lane(2, 'y', 'b')];
    const turns = takeTurns({
      window: 9,
      lanes,
      inFlightCounts: [inFlight(3, 'z', 1, 'a')],
      hostLimit: threeOfA,
    });
    expect(turns.map(({ lane: { importId, host }, turns: own }) => [importId, host, own])).toEqual([
      ['x', 'a', [1, 2]],
      ['y', 'b', [1]],
    ]);
  });

  it('do not exceed the window', () => {
    expect(shares(6, [lane(1, 'x')], [inFlight(1, 'x', 9, 'a', 4)])).toEqual(['x a: 2']);
    expect(shares(6, [lane(1, 'x')], [inFlight(2, 'y', 9, 'a', 6)])).toEqual([]);
  });

  it('leave half of the window to a project that has fewer in-flight items and waits for its host', () => {
    const lanes = [lane(1, 'x', 'a'), lane(2, 'y', 'b')];
    const busy = [inFlight(1, 'x', 3, 'a'), inFlight(2, 'y', 4, 'b', 1)];
    expect(shares(8, lanes, busy, threeOfA)).toEqual([]);
    expect(shares(8, lanes, busy, onlyThreeOfA)).toEqual(['y b: 3']);
    expect(shares(8, lanes.slice(1), busy, onlyThreeOfA)).toEqual(['y b: 7']);
    expect(shares(8, lanes, [inFlight(1, 'x', 3, 'a')], onlyThreeOfA)).toEqual(['y b: 4']);
  });

  it('number the items of a project, so that the one with the fewest in flight has priority in the queue', () => {
    const [first] = takeTurns({
      window: 2,
      lanes: [lane(1, 'x')],
      inFlightCounts: [inFlight(1, 'x', 5), inFlight(1, 'y', 2)],
      hostLimit: () => 100,
    });
    expect(first.turns).toEqual([8, 9]);
  });

  it('are fair and within every limit in any situation', () => {
    assert(
      property(situation, (turns) => {
        expect(faultsOf(turns, takeTurns(turns))).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });
});
