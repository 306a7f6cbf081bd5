import { describe, expect, it } from 'vitest';
import { TimeSlices } from './time-slices.js';

describe('TimeSlices', () => {
  it('is over after some work and starts again after a pause', async () => {
    const slices = new TimeSlices();
    expect(slices.isOver).toBe(false);
    while (!slices.isOver);
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
