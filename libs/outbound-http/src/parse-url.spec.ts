import { describe, expect, it } from 'vitest';
import { parseUrl } from './parse-url.js';

/** Enough calls for V8 to have optimized the caller. */
const MANY = 200_000;

describe('parseUrl', () => {
  it('parses a valid URL', () => {
    expect(parseUrl('https://müller.example/ü.mp4')?.href).toBe('https://xn--mller-kva.example/%C3%BC.mp4');
    expect(parseUrl('../b?c', new URL('https://example.com/x/a'))?.href).toBe('https://example.com/b?c');
  });

  it.each(['', '/a', 'http://', 'http://a.example:99999/', 'http://a b.example/'])(
    'returns undefined for %j',
    (text) => {
      expect(parseUrl(text)).toBeUndefined();
    },
  );

  it('parses a host with umlauts after many other calls', () => {
    for (let n = 0; n < MANY; n += 1) parseUrl(`https://archive.example/${n}.mp4`);
    expect(parseUrl('https://müller.example/a.mp4')?.hostname).toBe('xn--mller-kva.example');
    expect(parseUrl('//müller.example/a', new URL('https://a.example'))?.hostname).toBe(
      'xn--mller-kva.example',
    );
  });
});
