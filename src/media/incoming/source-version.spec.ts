import { describe, expect, it } from 'vitest';
import { isEquivalent, isSameVersion, versionOf } from './source-version.js';

const LAST_MODIFIED = 'Thu, 21 Nov 2019 12:00:00 GMT';
const LATER = 'Thu, 21 Nov 2019 12:00:01 GMT';

describe('the strong validator of a response', () => {
  it.each([
    ['a strong entity tag', { etag: '"v1"', 'last-modified': LAST_MODIFIED }, '"v1"'],
    ['a date before that of the response', { 'last-modified': LAST_MODIFIED, date: LATER }, LAST_MODIFIED],
    [
      'such a date next to a weak tag',
      { etag: 'W/"v1"', 'last-modified': LAST_MODIFIED, date: LATER },
      LAST_MODIFIED,
    ],
  ])('is %s', (_, headers, expected) => {
    expect(versionOf(headers).strong).toBe(expected);
  });

  it.each([
    ['nothing', {}],
    ['a weak entity tag', { etag: 'W/"v1"' }],
    ['two entity tags', { etag: '"v1", "v2"' }],
    ['a date within the second', { 'last-modified': LAST_MODIFIED, date: LAST_MODIFIED }],
    ['a date without a date of the response', { 'last-modified': LAST_MODIFIED }],
    ['an invalid date', { 'last-modified': 'yesterday', date: LAST_MODIFIED }],
  ])('is not %s', (_, headers) => {
    expect(versionOf(headers).strong).toBeNull();
  });
});

describe('a response', () => {
  const dated = { 'last-modified': LAST_MODIFIED, date: LATER };

  it.each([
    ['the same strong entity tag', { etag: '"v1"' }, { etag: '"v1"' }],
    ['the same date, if there was no entity tag', dated, { ...dated, etag: '"v1"' }],
  ])('is of the same version with %s', (_, held, other) => {
    expect(isSameVersion(versionOf(held), versionOf(other))).toBe(true);
  });

  it.each([
    ['another entity tag', { etag: '"v1"' }, { etag: '"v2"' }],
    ['the same tag, but weak', { etag: '"v1"' }, { etag: 'W/"v1"' }],
    ['weak tags', { etag: 'W/"v1"' }, { etag: 'W/"v1"' }],
    ['no validator', { etag: '"v1"' }, {}],
    ['only the same date, if there was an entity tag', { etag: '"v1"', ...dated }, dated],
    ['another date', dated, { ...dated, 'last-modified': LATER }],
    [
      'another date next to the same entity tag',
      { etag: '"v1"', ...dated },
      { etag: '"v1"', 'last-modified': LATER },
    ],
    ['another weak tag next to the same date', { etag: 'W/"v1"', ...dated }, { etag: 'W/"v2"', ...dated }],
  ])('is not of the same version with %s', (_, held, other) => {
    expect(isSameVersion(versionOf(held), versionOf(other))).toBe(false);
  });

  it('may be equivalent by a weak validator, but not without any', () => {
    expect(isEquivalent(versionOf({ etag: 'W/"v1"' }), versionOf({ etag: '"v1"' }))).toBe(true);
    expect(isEquivalent(versionOf({ etag: 'W/"v1"' }), versionOf({}))).toBe(false);
    expect(isEquivalent(versionOf({ etag: 'W/"v1"' }), versionOf({ etag: 'W/"v2"' }))).toBe(false);
  });
});
