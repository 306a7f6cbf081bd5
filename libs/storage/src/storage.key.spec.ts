import { describe, expect, it } from 'vitest';
import { StorageError } from './storage.error.js';
import { assertKey, isKey, newKey } from './storage.key.js';

describe('newKey', () => {
  it('combines the UTC day and a random UUID', () => {
    expect(newKey('mp4', new Date('2019-11-21T23:59:59-05:00'))).toMatch(
      /^2019\/11\/22\/[0-9a-f-]{36}\.mp4$/,
    );
  });

  it('makes unique and valid keys', () => {
    const keys = Array.from({ length: 1_000 }, () => newKey('webm'));
    expect(new Set(keys).size).toBe(1_000);
    expect(keys.every(isKey)).toBe(true);
  });

  it.each(['', '.mp4', 'MP4', 'mp4/..', 'a b', 'ninechars'])('refuses the extension %j', (extension) => {
    expect(() => newKey(extension)).toThrow(StorageError);
  });
});

describe('assertKey', () => {
  const good = newKey('mp4');

  it.each([
    '',
    '/',
    '..',
    '../../etc/passwd',
    `/${good}`,
    `${good}/`,
    `${good}\n`,
    `${good}\0`,
    `../${good}`,
    good.replaceAll('/', '\\'),
    good.replace('/', '/../'),
    good.replace('.mp4', ''),
    good.replace('.mp4', '.mp4/../x'),
    `x${good}`,
    good.toUpperCase(),
  ])('refuses %j', (key) => {
    expect(() => assertKey(key)).toThrow(StorageError);
  });

  it('accepts a key', () => {
    expect(() => assertKey(good)).not.toThrow();
  });
});
