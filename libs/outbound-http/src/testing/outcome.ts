import { expect } from 'vitest';

import { OutboundError } from '../outbound.error.js';

/** All that a caller can see of an error, its cause included: what two errors must agree in to be the same. */
export function allOf(error: OutboundError): object {
  const { name, code, fault, temporary, message, cause } = error;
  const why = cause instanceof OutboundError ? allOf(cause) : cause;
  return { name, code, fault, temporary, message, cause: why, own: Object.keys(error).sort() };
}

/** Passes when errors cannot be told apart; returns what they all are. */
export function expectAlike(errors: readonly OutboundError[]): OutboundError {
  const [first, ...others] = errors;
  if (!first || others.length === 0) throw new Error('Nothing to compare');
  expect(others.map(allOf)).toEqual(others.map(() => allOf(first)));
  return first;
}
