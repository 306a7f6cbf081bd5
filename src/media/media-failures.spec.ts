import { describe, expect, it } from 'vitest';
import { withNoun } from '../imports/failure.js';
import { failure } from './media-failures.js';

describe('failures of media', () => {
  it('describe themselves in one sentence, with the noun of the kind', () => {
    expect(withNoun(failure('HTTP_STATUS', { clause: 'the server answered 404' }), 'video').failure).toEqual({
      code: 'HTTP_STATUS',
      reason: 'Could not download the video: the server answered 404',
      retryable: false,
    });
    expect(withNoun(failure('EMPTY'), 'video').failure.reason).toBe('The file is empty');
  });

  it('let a step override whether a retry can help', () => {
    expect(failure('TIMED_OUT').failure.retryable).toBe(true);
    expect(failure('HTTP_STATUS', { retryable: true, retryAfterMs: 5 }).failure).toMatchObject({
      retryable: true,
      retryAfterMs: 5,
    });
  });
});
