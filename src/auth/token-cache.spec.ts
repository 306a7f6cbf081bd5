import { describe, expect, it } from 'vitest';
import { TokenCache } from './token-cache.js';

/** A cache with a manual clock and a loader that counts its calls. */
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
  it('loads once while an answer is fresh, and again afterwards', async () => {
    const { get, after } = counting(3_000);
    expect(await get()).toBe(1);
    after(3_000);
    expect(await get()).toBe(1);
    after(1);
    expect(await get()).toBe(2);
  });

  it('keeps no answer for more than 5 seconds by default', async () => {
    const { get, after } = counting();
    await get();
    after(5_000);
    expect(await get()).toBe(2);
  });

  it('measures freshness from the start of the lookup', async () => {
    const { cache, after, get } = counting(3_000);
    const slow = await cache.get('a', () => {
      after(3_001);
      return Promise.resolve(0);
    });
    expect(slow).toBe(0);
    expect(await get()).toBe(1);
  });

  it('shares one answer among concurrent lookups', async () => {
    const { get } = counting();
    expect(await Promise.all([get(), get(), get('b')])).toEqual([1, 1, 2]);
  });

  it('forgets a key on request', async () => {
    const { get, forget } = counting();
    await get();
    forget();
    expect(await get()).toBe(2);
  });

  it('does not cache failures', async () => {
    const { cache, get } = counting();
    await expect(cache.get('a', () => Promise.reject(new Error('No')))).rejects.toThrow('No');
    expect(await get()).toBe(1);
  });

  it('keeps the 10 000 entries that were used last', async () => {
    const { get } = counting();
    for (let key = 0; key < 10_000; key += 1) await get(String(key));
    await get('0');
    expect(await get('10000')).toBe(10_001);
    expect(await get('0')).toBe(1);
    expect(await get('1')).toBe(10_002);
  });
});
