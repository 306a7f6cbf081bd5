import { describe, expect, it } from 'vitest';
import { FIRST_SHARE, judgeHost, type HostFailure, type HostPolicy, type HostRecord } from './host-signs.js';

const POLICY: HostPolicy = { most: 16, schedule: [1_000, 5_000, 60_000], random: () => 0.5 };

function record(more: Partial<HostRecord> = {}): HostRecord {
  return { share: 16, failures: 0, failingForMs: null, notedAgoMs: 60_000, lastItemId: null, ...more };
}

const failing = (failures: number, more: Partial<HostRecord> = {}): HostRecord =>
  record({ share: 1, failures, failingForMs: 9_000, notedAgoMs: 2_000, lastItemId: '1', ...more });

function failed(itemId: string, more: Partial<HostFailure> = {}): HostFailure {
  return { itemId, sign: 'unreachable', tookMs: 10, ...more };
}

const asks = (retryAfterMs: number): HostFailure => failed('2', { sign: 'busy', retryAfterMs });

const pause = (random: number): number | null | undefined =>
  judgeHost(undefined, { up: false, failures: [failed('2')] }, { ...POLICY, random: () => random }).change
    ?.blockedForMs;

const answered = { up: true, failures: [] };

describe('a host that answers', () => {
  it('gets more from batch to batch, up to what is allowed', () => {
    expect(judgeHost(undefined, answered, POLICY).change).toMatchObject({
      share: 2 * FIRST_SHARE,
      failures: 0,
    });
    expect(judgeHost(record({ share: 8 }), answered, POLICY).change).toMatchObject({ share: 16 });
    expect(judgeHost(record({ share: 16 }), answered, POLICY).change).toBeNull();
    expect(judgeHost(record({ share: 16 }), answered, { ...POLICY, most: 4 }).change).toMatchObject({
      share: 4,
    });
  });

  it('is believed at once after it has failed, and begins small', () => {
    expect(judgeHost(failing(5), answered, POLICY).change).toEqual({
      share: FIRST_SHARE,
      failures: 0,
      failingForMs: null,
      blockedForMs: null,
      askedForMs: null,
      lastItemId: null,
    });
  });
});

describe('a host that fails', () => {
  it('is left alone ever longer, and then asked for one item', () => {
    const pauses = [0, 1, 2, 3, 9].map(
      (failures) =>
        judgeHost(
          failures === 0 ? record() : failing(failures),
          { up: false, failures: [failed('2')] },
          POLICY,
        ).change,
    );
    expect(pauses.map((change) => change?.blockedForMs)).toEqual([1_000, 5_000, 60_000, 60_000, 60_000]);
    expect(pauses.map((change) => change?.failures)).toEqual([1, 2, 3, 4, 10]);
    expect(pauses.map((change) => change?.share)).toEqual([1, 1, 1, 1, 1]);
  });

  it('strays from the schedule by a fifth at most', () => {
    expect([pause(0), pause(1)]).toEqual([800, 1_200]);
  });

  it('fails once, however much of a burst fails with it', () => {
    const late = { up: false, failures: [failed('2', { tookMs: 5_000 })] };
    expect(judgeHost(failing(1, { notedAgoMs: 2_000 }), late, POLICY).change).toBeNull();
    expect(judgeHost(failing(1, { notedAgoMs: 6_000 }), late, POLICY).change).toMatchObject({ failures: 2 });
  });

  it('has been failing since its first failure', () => {
    const signs = { up: false, failures: [failed('2', { tookMs: 700 })] };
    expect(judgeHost(undefined, signs, POLICY).change).toMatchObject({ failingForMs: 700 });
    expect(judgeHost(failing(3), signs, POLICY).change).toMatchObject({ failingForMs: 9_000 });
  });

  it('is left alone for as long as it asks, an hour at most, also by those that it answers', () => {
    const alone = judgeHost(undefined, { up: false, failures: [asks(90_000)] }, POLICY);
    expect(alone.change).toMatchObject({ askedForMs: 90_000 });
    const both = judgeHost(record(), { up: true, failures: [asks(90_000)] }, POLICY);
    expect(both.change).toMatchObject({ askedForMs: 90_000, share: 8, failures: 0 });
    const forDays = judgeHost(undefined, { up: false, failures: [asks(9e9)] }, POLICY);
    expect(forDays.change).toMatchObject({ askedForMs: 3_600_000 });
  });
});

describe('a failure', () => {
  it('is no try of an item where several see that the host cannot be reached', () => {
    const together = judgeHost(undefined, { up: false, failures: [failed('1'), failed('2')] }, POLICY);
    expect([together.spares('1'), together.spares('2'), together.spares('3')]).toEqual([true, true, false]);
    expect(judgeHost(failing(1), { up: false, failures: [failed('2')] }, POLICY).spares('2')).toBe(true);
  });

  it('is a try of the only item that sees it: its address may be wrong', () => {
    expect(judgeHost(undefined, { up: false, failures: [failed('1')] }, POLICY).spares('1')).toBe(false);
    expect(judgeHost(failing(1), { up: false, failures: [failed('1')] }, POLICY).spares('1')).toBe(false);
  });

  it('is a try where the host answers others, or answers that it is too busy', () => {
    const twice = [failed('1'), failed('2')];
    expect(judgeHost(undefined, { up: true, failures: twice }, POLICY).spares('1')).toBe(false);
    const busy = twice.map((failure) => ({ ...failure, sign: 'busy' as const }));
    expect(judgeHost(undefined, { up: false, failures: busy }, POLICY).spares('1')).toBe(false);
  });
});
