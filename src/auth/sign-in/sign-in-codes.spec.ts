import { expect, it } from 'vitest';
import { SignInCodes } from './sign-in-codes.js';

const MINUTE_MS = 60_000;

it('returns the token of a code once', () => {
  const codes = new SignInCodes();
  const code = codes.issue('a token');
  expect(codes.take(code)).toBe('a token');
  expect(codes.take(code)).toBeUndefined();
});

it('issues unguessable, URL-safe codes', () => {
  const codes = new SignInCodes();
  const [one, other] = [codes.issue('a token'), codes.issue('a token')];
  expect(one).toMatch(/^[\w-]{32}$/);
  expect(one).not.toBe(other);
});

it('refuses unknown codes', () => {
  const codes = new SignInCodes();
  codes.issue('a token');
  expect(codes.take('')).toBeUndefined();
  expect(codes.take('__proto__')).toBeUndefined();
});

it('expires a code after 15 minutes', () => {
  let now = 0;
  const codes = new SignInCodes(() => now);
  const [early, late] = [codes.issue('early'), codes.issue('late')];
  now = 15 * MINUTE_MS - 1;
  expect(codes.take(early)).toBe('early');
  now = 15 * MINUTE_MS;
  expect(codes.take(late)).toBeUndefined();
});
