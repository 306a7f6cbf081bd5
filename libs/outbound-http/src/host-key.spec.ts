import { describe, expect, it } from 'vitest';
import { hostKey } from './host-key.js';

describe('hostKey', () => {
  it.each<[string, string[]]>([
    [
      'cdn.example',
      [
        'http://cdn.example/a',
        'http://cdn.example./a',
        'HTTP://CDN.Example/b?c#d',
        'http://cdn.example:80/a',
        'http://cdn.example.:80/a',
        'https://cdn.example:443/a',
        'https://cdn.example:0443/a',
        'http://user:secret@cdn.example/a',
        'http://%63dn.example/a',
        'http://cdn。example/a',
      ],
    ],
    ['cdn.example:8080', ['http://cdn.example:8080/a', 'https://CDN.example.:8080/a']],
    ['cdn.example:443', ['http://cdn.example:443/a']],
    [
      'xn--bcher-kva.example',
      ['http://bücher.example/', 'http://BÜCHER.example./', 'http://xn--Bcher-kva.example/'],
    ],
    [
      '127.0.0.1',
      [
        'http://127.0.0.1/',
        'http://127.0.0.1./',
        'http://127.1/',
        'http://0x7f.1/',
        'http://2130706433/',
        'http://[::ffff:127.0.0.1]/',
        'http://[::FFFF:7f00:1]:80/',
      ],
    ],
    ['127.0.0.1:8080', ['http://[::ffff:7f00:1]:8080/', 'http://127.0.0.1:8080/']],
    [
      '[2001:db8::1]',
      ['http://[2001:db8::1]/', 'http://[2001:DB8:0:0:0:0:0:1]:80/', 'http://[2001:0db8::0001]/'],
    ],
    ['[2001:db8::1]:8080', ['http://[2001:db8:0::1]:8080/']],
  ])('returns %s for every spelling', (key, urls) => {
    expect(urls.map((url) => [url, hostKey(url)])).toEqual(urls.map((url) => [url, key]));
  });

  it('distinguishes names, addresses and ports', () => {
    const urls = [
      'http://a.example',
      'http://b.example',
      'http://a.example:81',
      'http://[::1]',
      'http://0.0.0.1',
    ];
    expect(new Set(urls.map((url) => hostKey(url))).size).toBe(urls.length);
  });
});
