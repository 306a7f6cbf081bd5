import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { codeOf } from './index.js';

it('returns the code of a system error', async () => {
  expect(codeOf(await readFile('/nonexistent').catch((error: unknown) => error))).toBe('ENOENT');
});

it.each([
  ['an error without a code', new Error('plain')],
  ['a code that is no text', Object.assign(new Error('numeric'), { code: 7 })],
  ['a value that is no error', { code: 'ENOENT' }],
  ['undefined', undefined],
])('returns undefined for %s', (_, value) => {
  expect(codeOf(value)).toBeUndefined();
});
