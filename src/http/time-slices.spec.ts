import { afterEach, describe, expect, it, vi } from 'vitest';
import { TimeSlices } from './time-slices.js';

describe('TimeSlices', () => {
  afterEach(() => vi.useRealTimers());

  it('is over after some work and starts again after a pause', async () => {
    // A slice is shorter than what another process may take of the processor between two lines of this test.
    vi.useFakeTimers({ toFake: ['performance'] });
    const slices = new TimeSlices();
    vi.advanceTimersByTime(2);
    expect(slices.isOver).toBe(false);
    vi.advanceTimersByTime(1);
    expect(slices.isOver).toBe(true);
    await slices.pause();
    expect(slices.isOver).toBe(false);
  });

  it('resumes one waiter per turn of the event loop, in order', async () => {
    let turn = 0;
    let running = true;
    const count = () => {
      turn += 1;
      if (running) setImmediate(count);
    };
    setImmediate(count);
    const wokenAt = await Promise.all([1, 2, 3, 4].map(() => new TimeSlices().pause().then(() => turn)));
    running = false;
    expect(wokenAt.length).toBe(4);
    expect(new Set(wokenAt).size).toBe(4);
    expect(wokenAt).toEqual([...wokenAt].sort((a, b) => a - b));
  });
});
