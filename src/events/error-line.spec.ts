import { expect, it } from 'vitest';
import { errorLine } from './error-line.js';

it.each([
  [new TypeError('x is not a function'), 'TypeError: x is not a function'],
  [new Error('first line\nsecond line'), 'Error: first line'],
  [new Error('a\0b\tc'), 'Error: a b c'],
  [new Error('\ud800'), 'Error: \ufffd'],
  [new Error(''), 'Error:'],
  ['a string', 'The listener threw a value that is not an Error'],
  [undefined, 'The listener threw a value that is not an Error'],
  [Object.create(null), 'The listener threw a value that is not an Error'],
])('%j', (error, expected) => {
  expect(errorLine(error)).toBe(expected);
});

it.each([
  [
    'connect to https://user:hunter2@archive.example.com:8080/a?key=hunter2#hunter2 failed',
    'https://archive.example.com:8080 failed',
  ],
  ['postgresql://house:hunter2@db/house is down', 'postgresql://db is down'],
  ['Authorization: Bearer hunter2 was refused', 'Authorization: … was refused'],
  ['sent "access_token":"hunter2", and password=hunter2', 'access_token":…", and password=…'],
  ['x-api-key: hunter2', 'x-api-key: …'],
])('shows no secret of %j', (message, expected) => {
  const line = errorLine(new Error(message));
  expect(line).toContain(expected);
  expect(line).not.toContain('hunter2');
});

it('is short', () => {
  const line = errorLine(new Error('🎬'.repeat(1_000)));
  expect(line.length).toBeLessThanOrEqual(300);
  expect(line.isWellFormed()).toBe(true);
});
