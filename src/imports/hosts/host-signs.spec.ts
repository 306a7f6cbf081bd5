import { describe, expect, it } from 'vitest';
import { FIRST_SHARE, judgeHost, type HostFailure, type HostPolicy, type HostRecord } from './host-signs.js';

const POLICY: HostPolicy = { maxConcurrency: 16, schedule: [1_000, 5_000, 60_000], random: () => 0.5 };

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
  it('doubles its in-flight limit with every batch, up to the maximum', () => {
    expect(judgeHost(undefined, answered, POLICY).change).toMatchObject({
      share: 2 * FIRST_SHARE,
      failures: 0,
    });
    expect(judgeHost(record({ share: 8 }), answered, POLICY).change).toMatchObject({ share: 16 });
    expect(judgeHost(record({ share: 16 }), answered, POLICY).change).toBeNull();
    expect(judgeHost(record({ share: 16 }), answered, { ...POLICY, maxConcurrency: 4 }).change).toMatchObject(
      {
        share: 4,
      },
    );
  });

  it('closes its circuit at once after failures, and starts at the initial limit', () => {
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
  it('opens its circuit for increasing intervals, then gets one item at a time', () => {
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

  it('deviates from the schedule by at most 20 %', () => {
    expect([pause(0), pause(1)]).toEqual([800, 1_200]);
  });

  it('counts a burst that fails together as one failure', () => {
    const late = { up: false, failures: [failed('2', { tookMs: 5_000 })] };
    expect(judgeHost(failing(1, { notedAgoMs: 2_000 }), late, POLICY).change).toBeNull();
    expect(judgeHost(failing(1, { notedAgoMs: 6_000 }), late, POLICY).change).toMatchObject({ failures: 2 });
  });

  it('counts as failing since its first failure', () => {
    const signs = { up: false, failures: [failed('2', { tookMs: 700 })] };
    expect(judgeHost(undefined, signs, POLICY).change).toMatchObject({ failingForMs: 700 });
    expect(judgeHost(failing(3), signs, POLICY).change).toMatchObject({ failingForMs: 9_000 });
  });

  it('is paused for its Retry-After, up to an hour, even if it answers other items', () => {
    const alone = judgeHost(undefined, { up: false, failures: [asks(90_000)] }, POLICY);
    expect(alone.change).toMatchObject({ askedForMs: 90_000 });
    const both = judgeHost(record(), { up: true, failures: [asks(90_000)] }, POLICY);
    expect(both.change).toMatchObject({ askedForMs: 90_000, share: 8, failures: 0 });
    const forDays = judgeHost(undefined, { up: false, failures: [asks(9e9)] }, POLICY);
    expect(forDays.change).toMatchObject({ askedForMs: 3_600_000 });
  });
});

describe('a failure', () => {
  it('does not count as an attempt if several items find the host unreachable', () => {
    const together = judgeHost(undefined, { up: false, failures: [failed('1'), failed('2')] }, POLICY);
    expect([together.hostFailed('1'), together.hostFailed('2'), together.hostFailed('3')]).toEqual([
      true,
      true,
      false,
    ]);
    expect(judgeHost(failing(1), { up: false, failures: [failed('2')] }, POLICY).hostFailed('2')).toBe(true);
  });

  it('counts as an attempt of the only item that fails, because its address may be wrong', () => {
    expect(judgeHost(undefined, { up: false, failures: [failed('1')] }, POLICY).hostFailed('1')).toBe(false);
    expect(judgeHost(failing(1), { up: false, failures: [failed('1')] }, POLICY).hostFailed('1')).toBe(false);
  });

  it('counts as an attempt if the host answers other items or is too busy', () => {
    const twice = [failed('1'), failed('2')];
    expect(judgeHost(undefined, { up: true, failures: twice }, POLICY).hostFailed('1')).toBe(false);
    const busy = twice.map((failure) => ({ ...failure, sign: 'busy' as const }));
    expect(judgeHost(undefined, { up: false, failures: busy }, POLICY).hostFailed('1')).toBe(false);
  });
});
