import { describe, expect, it } from 'vitest';
import { TokenCache } from './token-cache.js';

/** A cache with a clock that stands still until it is set, and an answer that counts how often it was asked for. */
function counting(freshMs?: number) {
  let time = 1_000;
  let asked = 0;
  const cache = new TokenCache<number>({ freshMs, now: () => time });
  return {
    get: (key = 'a') => cache.get(key, () => Promise.resolve((asked += 1))),
    forget: () => cache.forget('a'),
    after: (ms: number) => (time += ms),
    cache,
  };
}

describe('TokenCache', () => {
  it('asks once as long as the answer is fresh, and again afterwards', async () => {
    const { get, after } = counting(3_000);
    expect(await get()).toBe(1);
    after(2_999);
    expect(await get()).toBe(1);
    after(1);
    expect(await get()).toBe(2);
  });

  it('lets nothing count for more than 5 seconds unless it is told to', async () => {
    const { get, after } = counting();
    await get();
    after(5_000);
    expect(await get()).toBe(2);
  });

  it('counts from the question, not from the answer', async () => {
    const { cache, after, get } = counting(3_000);
    const slow = await cache.get('a', () => {
      after(3_000);
      return Promise.resolve(0);
    });
    expect(slow).toBe(0);
    expect(await get()).toBe(1);
  });

  it('shares one answer between those who ask at once', async () => {
    const { get } = counting();
    expect(await Promise.all([get(), get(), get('b')])).toEqual([1, 1, 2]);
  });

  it('forgets what it is told to', async () => {
    const { get, forget } = counting();
    await get();
    forget();
    expect(await get()).toBe(2);
  });

  it('does not remember failures', async () => {
    const { cache, get } = counting();
    await expect(cache.get('a', () => Promise.reject(new Error('No')))).rejects.toThrow('No');
    expect(await get()).toBe(1);
  });

  it('keeps the newest ten thousand', async () => {
    const { get } = counting();
    for (let key = 0; key <= 10_000; key += 1) await get(String(key));
    expect(await get('10000')).toBe(10_001);
    expect(await get('1')).toBe(2);
    expect(await get('0')).toBe(10_002);
  });
});
