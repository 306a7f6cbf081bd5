import { describe, expect, it } from 'vitest';
import { Slots } from './slots.js';
import { untilAborted } from './testing/until-aborted.js';

const forever = new AbortController().signal;

/** Work that ends when the test says so. */
function held(): { work: () => Promise<void>; end: () => void; hasBegun: () => boolean } {
  const ending = new AbortController();
  let begun = false;
  const work = async (): Promise<void> => {
    begun = true;
    await untilAborted(ending.signal);
  };
  return { work, end: () => ending.abort(), hasBegun: () => begun };
}

describe('slots', () => {
  it('run no more work at once than there are places, in order of arrival', async () => {
    const slots = new Slots(1);
    const [first, second, third] = [held(), held(), held()];
    const one = slots.run(forever, first.work);
    const two = slots.run(forever, second.work);
    const three = slots.run(forever, third.work);
    first.end();
    await one;
    await expect.poll(second.hasBegun).toBe(true);
    expect(third.hasBegun()).toBe(false);
    second.end();
    third.end();
    await Promise.all([two, three]);
  });

  it('are free again after work that fails', async () => {
    const slots = new Slots(1);
    await expect(slots.run(forever, () => Promise.reject(new Error('it fails')))).rejects.toThrow('it fails');
    await expect(slots.run(forever, () => Promise.resolve(1))).resolves.toBe(1);
  });

  it('let no one wait after an abort', async () => {
    const slots = new Slots(1);
    const first = held();
    const one = slots.run(forever, first.work);
    const leaving = new AbortController();
    const two = slots.run(leaving.signal, () => Promise.resolve());
    const three = slots.run(forever, () => Promise.resolve(3));
    leaving.abort(new Error('left'));
    await expect(two).rejects.toThrow('left');
    first.end();
    await one;
    await expect(three).resolves.toBe(3);
  });

  it('are unlimited by default', async () => {
    const slots = new Slots();
    const all = Array.from({ length: 100 }, held);
    const done = all.map(({ work }) => slots.run(forever, work));
    await expect.poll(() => all.every(({ hasBegun }) => hasBegun())).toBe(true);
    for (const { end } of all) end();
    await Promise.all(done);
  });
});
