import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { DEFAULT_LIMITS } from './limits.js';
import { Watchdog } from './watchdog.js';

const limits = {
  ...DEFAULT_LIMITS,
  headersMs: 8_000,
  idleMs: 4_000,
  speedWindowMs: 20_000,
  minBytesPerSecond: 100,
};

function watch(totalMs = Infinity): { dog: Watchdog; expired: () => boolean } {
  let calls = 0;
  const dog = new Watchdog(limits, performance.now() + totalMs, () => calls++);
  return { dog, expired: () => calls === 1 };
}

// Fake timers make these tests exact.
describe('Watchdog', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('limits connecting by the total time only', () => {
    const { expired } = watch(60_000);
    vi.advanceTimersByTime(59_000);
    expect(expired()).toBe(false);
    vi.advanceTimersByTime(1_000);
    expect(expired()).toBe(true);
  });

  it('starts the headers timeout when the request is sent', () => {
    const { dog, expired } = watch();
    vi.advanceTimersByTime(60_000);
    dog.requestSent();
    vi.advanceTimersByTime(7_000);
    expect(expired()).toBe(false);
    vi.advanceTimersByTime(1_000);
    expect(expired()).toBe(true);
  });

  it('restarts the idle timeout at every byte and measures the speed separately', () => {
    const { dog, expired } = watch();
    dog.requestSent();
    dog.headersReceived();
    for (let second = 0; second < 19; second++) {
      dog.received(1);
      vi.advanceTimersByTime(1_000);
    }
    expect(expired()).toBe(false);
    vi.advanceTimersByTime(1_000);
    expect(expired()).toBe(true);
  });

  it('accepts the minimum speed', () => {
    const { dog, expired } = watch();
    dog.headersReceived();
    for (let second = 0; second < 100; second++) {
      dog.received(100);
      vi.advanceTimersByTime(1_000);
    }
    expect(expired()).toBe(false);
    expect(dog.bytes).toBe(10_000);
  });

  it('does not count the time in which the reader is paused', () => {
    const { dog, expired } = watch();
    dog.headersReceived();
    dog.paused();
    vi.advanceTimersByTime(600_000);
    dog.resumed();
    vi.advanceTimersByTime(4_000);
    expect(expired()).toBe(false);
    vi.advanceTimersByTime(1_000);
    expect(expired()).toBe(true);
  });

  it('ignores every tick in which the reader was paused, however briefly', () => {
    const { dog, expired } = watch();
    dog.headersReceived();
    for (let second = 0; second < 10; second++) {
      dog.paused();
      dog.resumed();
      vi.advanceTimersByTime(1_000);
    }
    expect(expired()).toBe(false);
  });

  it('does not expire after stop', () => {
    const { dog, expired } = watch(1_000);
    dog.stop();
    vi.advanceTimersByTime(600_000);
    expect(expired()).toBe(false);
  });
});
