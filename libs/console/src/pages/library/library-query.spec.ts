import { expect, it } from 'vitest';
import { queryOf } from './library-query.js';

const ALL = { text: '', by: '', kind: '', after: '' };
const HASH = 'AB'.repeat(32);

it('asks for everything without a filter', () => {
  expect(queryOf(ALL)).toEqual({});
});

it.each([
  [{ text: 'interview' }, { title: 'interview' }],
  [{ text: 'interview', by: 'unknown' }, { title: 'interview' }],
  [
    { text: 'a-1', by: 'externalId', kind: 'videos' },
    { externalId: 'a-1', kind: 'videos' },
  ],
  [{ text: HASH }, { sha256: HASH }],
  [
    { text: HASH, by: 'externalId', after: 'x' },
    { sha256: HASH, after: 'x' },
  ],
])('asks for %j with %j', (filter, query) => {
  expect(queryOf({ ...ALL, ...filter })).toEqual(query);
});
