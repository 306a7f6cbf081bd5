import { describe, expect, it } from 'vitest';
import { batching } from './batching.js';

const noop = (): void => undefined;

describe('batching', () => {
  it('combines concurrent calls, and returns each caller its own result', async () => {
    const calls: number[][] = [];
    const double = batching<number, number>(
      async (inputs) => {
        calls.push([...inputs]);
        return inputs.map((input) => 2 * input);
      },
      { maxSize: 10 },
    );
    await expect(Promise.all([1, 2, 3].map(double))).resolves.toEqual([2, 4, 6]);
    expect(calls).toEqual([[1, 2, 3]]);
  });

  it('respects the maximum batch size', async () => {
    const sizes: number[] = [];
    const echo = batching<number, number>(
      async (inputs) => {
        sizes.push(inputs.length);
        return [...inputs];
      },
      { maxSize: 2 },
    );
    await Promise.all([1, 2, 3, 4, 5].map(echo));
    expect(sizes).toEqual([2, 2, 1]);
  });

  it('collects the next batch while one is in flight', async () => {
    const calls: number[][] = [];
    let release = noop;
    const first = new Promise<void>((resolve) => (release = resolve));
    let begun = noop;
    const started = new Promise<void>((resolve) => (begun = resolve));
    const echo = batching<number, number>(
      async (inputs) => {
        calls.push([...inputs]);
        begun();
        if (calls.length === 1) await first;
        return [...inputs];
      },
      { maxSize: 10 },
    );
    const one = echo(1);
    await started;
    const rest = [echo(2), echo(3)];
    release();
    await Promise.all([one, ...rest]);
    expect(calls).toEqual([[1], [2, 3]]);
  });

  it('rejects only the calls whose result is an error', async () => {
    const check = batching<number, number>(
      async (inputs) => inputs.map((input) => (input < 0 ? new Error('negative') : input)),
      { maxSize: 10 },
    );
    await expect(Promise.allSettled([check(1), check(-1)])).resolves.toMatchObject([
      { status: 'fulfilled', value: 1 },
      { status: 'rejected', reason: { message: 'negative' } },
    ]);
  });

  it('continues after a batch that failed as a whole', async () => {
    let healthy = false;
    const echo = batching<number, number>(
      async (inputs) => {
        if (!healthy) throw new Error('unavailable');
        return [...inputs];
      },
      { maxSize: 10 },
    );
    await expect(echo(1)).rejects.toThrow('unavailable');
    healthy = true;
    await expect(echo(2)).resolves.toBe(2);
  });
});
