import { describe, expect, it } from 'vitest';
import { isRestOf, resumption, type PartialFile } from './partial-file.js';

const MIB = 1024 * 1024;
const LAST_MODIFIED = 'Thu, 21 Nov 2019 12:00:00 GMT';

const partial: PartialFile = { name: '1.1', writer: 'w', url: 'u', validator: '"v1"', total: 10 * MIB };

describe('what makes a download resumable', () => {
  it.each([
    [
      'a strong entity tag',
      { etag: '"v1"', 'content-length': String(2 * MIB) },
      { validator: '"v1"', total: 2 * MIB },
    ],
    ['a length that is not told', { etag: '"v1"' }, { validator: '"v1"', total: null }],
    [
      'a date before that of the answer',
      { 'last-modified': LAST_MODIFIED, date: 'Thu, 21 Nov 2019 12:00:01 GMT', etag: 'W/"v1"' },
      { validator: LAST_MODIFIED, total: null },
    ],
  ])('%s', (_, headers, expected) => {
    expect(resumption(headers)).toEqual(expected);
  });

  it.each([
    ['nothing', {}],
    ['a weak entity tag', { etag: 'W/"v1"' }],
    ['a date within the second', { 'last-modified': LAST_MODIFIED, date: LAST_MODIFIED }],
    ['a date without that of the answer', { 'last-modified': LAST_MODIFIED }],
    ['a date that is none', { 'last-modified': 'yesterday', date: LAST_MODIFIED }],
    ['a length that is not worth it', { etag: '"v1"', 'content-length': String(MIB - 1) }],
  ])('not %s', (_, headers) => {
    expect(resumption(headers)).toBeNull();
  });
});

describe('the rest of a file', () => {
  const range = `bytes 4096-${10 * MIB - 1}/${10 * MIB}`;

  it.each([
    ['the range that was asked for', { 'content-range': range }],
    ['with the same entity tag', { 'content-range': range, etag: '"v1"' }],
    ['of a length that is not told', { 'content-range': 'bytes 4096-8191/*' }],
  ])('is %s', (_, headers) => {
    expect(isRestOf(partial, 4096, 206, headers)).toBe(true);
  });

  it.each([
    ['another status', 200, { 'content-range': range }],
    ['no range', 206, {}],
    ['nonsense', 206, { 'content-range': 'bytes */10485760' }],
    ['another unit', 206, { 'content-range': range.replace('bytes', 'lines') }],
    ['another beginning', 206, { 'content-range': `bytes 4095-${10 * MIB - 1}/${10 * MIB}` }],
    ['another length', 206, { 'content-range': `bytes 4096-${9 * MIB - 1}/${9 * MIB}` }],
    ['a part of the rest', 206, { 'content-range': `bytes 4096-8191/${10 * MIB}` }],
    ['of another version', 206, { 'content-range': range, etag: '"v2"' }],
  ])('is not %s', (_, status, headers) => {
    expect(isRestOf(partial, 4096, status, headers)).toBe(false);
  });
});
