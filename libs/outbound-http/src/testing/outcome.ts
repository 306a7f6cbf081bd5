import { expect } from 'vitest';

import { OutboundError } from '../outbound.error.js';

/** Everything that a caller can see of an error, including its cause; equal results mean indistinguishable errors. */
export function allOf(error: OutboundError): object {
  const { name, code, fault, temporary, message, cause } = error;
  const why = cause instanceof OutboundError ? allOf(cause) : cause;
  return { name, code, fault, temporary, message, cause: why, own: Object.keys(error).sort() };
}

/** Expects errors to be indistinguishable and returns the first one. */
export function expectAlike(errors: readonly OutboundError[]): OutboundError {
  const [first, ...others] = errors;
  if (!first || others.length === 0) throw new Error('Nothing to compare');
  expect(others.map(allOf)).toEqual(others.map(() => allOf(first)));
  return first;
}
