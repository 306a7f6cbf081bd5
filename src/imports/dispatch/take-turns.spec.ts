import { array, assert, integer, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Lane, UnderWay } from './lane.js';
import { takeTurns } from './take-turns.js';

function lane(projectId: number, importId: string, host = 'a'): Lane {
  return { projectId, importId, sequence: BigInt(importId.charCodeAt(0)), host };
}

/** Running, unless it is said to be queued. */
function underWay(projectId: number, importId: string, count: number, host = 'a', queued = 0): UnderWay {
  return { projectId, importId, host, count, queued };
}

/** How many each lane gets, as `import host: count`. */
function shares(
  window: number,
  lanes: Lane[],
  busy: UnderWay[] = [],
  hostLimit: (host: string) => number = () => 100,
): string[] {
  return takeTurns({ window, lanes, underWay: busy, hostLimit })
    .map(({ lane: { importId, host }, turns }) => `${importId} ${host}: ${turns.length}`)
    .toSorted();
}

const threeOfA = (host: string): number => (host === 'a' ? 3 : 1);
const onlyThreeOfA = (host: string): number => (host === 'a' ? 3 : 100);

describe('turns', () => {
  it('go to one lane where there is one', () => {
    expect(shares(4, [lane(1, 'x')])).toEqual(['x a: 4']);
    expect(shares(0, [lane(1, 'x')])).toEqual([]);
    expect(shares(4, [])).toEqual([]);
  });

  it('are shared between projects, however many imports one of them has', () => {
    expect(shares(6, [lane(1, 'x'), lane(1, 'y'), lane(2, 'z')])).toEqual(['x a: 2', 'y a: 1', 'z a: 3']);
  });

  it('go first to whoever has the least under way', () => {
    expect(shares(4, [lane(1, 'x'), lane(2, 'y')], [underWay(1, 'x', 3)])).toEqual(['x a: 1', 'y a: 3']);
    expect(shares(4, [lane(1, 'x'), lane(1, 'y')], [underWay(1, 'x', 9)])).toEqual(['y a: 4']);
  });

  it('are shared between the hosts of an import: a slow one does not hold up the others', () => {
    const lanes = [lane(1, 'x', 'dead'), lane(1, 'x', 'fast'), lane(1, 'x', 'quick')];
    expect(shares(4, lanes, [underWay(1, 'x', 4, 'dead')])).toEqual(['x fast: 2', 'x quick: 2']);
  });

  it('pass over a host that has its share', () => {
    const lanes = [lane(1, 'x', 'a'), lane(2, 'y', 'a'), lane(2, 'y', 'b')];
    const turns = takeTurns({ window: 9, lanes, underWay: [underWay(3, 'z', 1, 'a')], hostLimit: threeOfA });
    expect(turns.map(({ lane: { importId, host }, turns: own }) => [importId, host, own])).toEqual([
      ['x', 'a', [1, 2]],
      ['y', 'b', [1]],
    ]);
  });

  it('are no more than the window leaves', () => {
    expect(shares(6, [lane(1, 'x')], [underWay(1, 'x', 9, 'a', 4)])).toEqual(['x a: 2']);
    expect(shares(6, [lane(1, 'x')], [underWay(2, 'y', 9, 'a', 6)])).toEqual([]);
  });

  it('leave half of the window to whoever has less under way and waits for its host', () => {
    const lanes = [lane(1, 'x', 'a'), lane(2, 'y', 'b')];
    const busy = [underWay(1, 'x', 3, 'a'), underWay(2, 'y', 4, 'b', 1)];
    expect(shares(8, lanes, busy, threeOfA)).toEqual([]);
    expect(shares(8, lanes, busy, onlyThreeOfA)).toEqual(['y b: 3']);
    expect(shares(8, lanes.slice(1), busy, onlyThreeOfA)).toEqual(['y b: 7']);
    expect(shares(8, lanes, [underWay(1, 'x', 3, 'a')], onlyThreeOfA)).toEqual(['y b: 4']);
  });

  it('number the items of a project: whoever has the least comes first in the queue, too', () => {
    const [first] = takeTurns({
      window: 2,
      lanes: [lane(1, 'x')],
      underWay: [underWay(1, 'x', 5), underWay(1, 'y', 2)],
      hostLimit: () => 100,
    });
    expect(first.turns).toEqual([8, 9]);
  });

  it('are fair and within every limit, whoever asks', () => {
    const lanes = array(
      record({
        projectId: integer({ min: 1, max: 3 }),
        importId: integer({ min: 0, max: 3 }),
        host: integer({ min: 0, max: 2 }),
      }),
      { minLength: 1, maxLength: 12 },
    );
    assert(
      property(lanes, integer({ min: 0, max: 40 }), integer({ min: 0, max: 6 }), (wanted, window, limit) => {
        const unique = new Map(
          wanted.map(({ projectId, importId, host }) => {
            const own = lane(projectId, `${projectId}${importId}`, `h${host}`);
            return [`${own.importId} ${own.host}`, own];
          }),
        );
        const portions = takeTurns({
          window,
          lanes: [...unique.values()],
          underWay: [],
          hostLimit: () => limit,
        });
        const total = portions.reduce((sum, { turns }) => sum + turns.length, 0);
        const perHost = sums(portions.map(({ lane: { host }, turns }) => [host, turns.length]));
        const perProject = sums(
          portions.map(({ lane: { projectId }, turns }) => [String(projectId), turns.length]),
        );
        expect(total).toBeLessThanOrEqual(window);
        expect(Math.max(0, ...perHost.values())).toBeLessThanOrEqual(limit);
        const projects = new Set([...unique.values()].map(({ projectId }) => projectId));
        const counts = [...projects].map((id) => perProject.get(String(id)) ?? 0);
        // Where no host is short, projects differ by one at most.
        expect(limit < window || Math.max(...counts) - Math.min(...counts) <= 1).toBe(true);
        // Where the window is not full, whoever could have more has its share of it.
        const could = [...unique.values()].filter(({ host }) => (perHost.get(host) ?? 0) < limit);
        const least = Math.min(...could.map(({ projectId }) => perProject.get(String(projectId)) ?? 0));
        expect(total === window || least >= window / projects.size).toBe(true);
      }),
    );
  });
});

function sums(pairs: Array<[string, number]>): Map<string, number> {
  const result = new Map<string, number>();
  for (const [key, count] of pairs) result.set(key, (result.get(key) ?? 0) + count);
  return result;
}
