import { describe, expect, it } from 'vitest';
import { FAILURES, failure } from '../media/media-failures.js';

describe('failures', () => {
  it('match the closed list of the contract', () => {
    expect(Object.keys(FAILURES)).toEqual([
      'URL_BLOCKED',
      'HOST_NOT_FOUND',
      'CONNECTION_FAILED',
      'TLS_FAILED',
      'TIMED_OUT',
      'TOO_MANY_REDIRECTS',
      'HTTP_STATUS',
      'NOT_A_VIDEO',
      'UNREADABLE',
      'EMPTY',
      'TRUNCATED',
      'TOO_LARGE',
      'METADATA_INVALID',
      'STORAGE_FAILED',
      'CANCELLED',
      'INTERNAL',
    ]);
  });

  it('describe each failure in one sentence', () => {
    expect(failure('HTTP_STATUS', { clause: 'the server answered 404' }).failure).toEqual({
      code: 'HTTP_STATUS',
      reason: 'Could not download the video: the server answered 404',
      retryable: false,
    });
    expect(failure('EMPTY').failure.reason).toBe('The file is empty');
  });

  it('let a step override whether a retry can help', () => {
    expect(failure('TIMED_OUT').failure.retryable).toBe(true);
    expect(failure('HTTP_STATUS', { retryable: true, retryAfterMs: 5 }).failure).toMatchObject({
      retryable: true,
      retryAfterMs: 5,
    });
  });
});
