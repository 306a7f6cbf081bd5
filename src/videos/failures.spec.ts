import { describe, expect, it } from 'vitest';
import { failure, withNoun } from '../media/media-failures.js';
import { FAILURES, videoFailure } from './failures.js';

describe('failures', () => {
  it('match the closed list of the contract', () => {
    expect(Object.keys(FAILURES).toSorted()).toEqual(
      [
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
        'PROCESSING_TIMED_OUT',
        'INTERNAL',
      ].toSorted(),
    );
  });

  it('describe each failure in one sentence', () => {
    expect(withNoun(failure('HTTP_STATUS', { clause: 'the server answered 404' }), 'video').failure).toEqual({
      code: 'HTTP_STATUS',
      reason: 'Could not download the video: the server answered 404',
      retryable: false,
    });
    expect(withNoun(failure('EMPTY'), 'video').failure.reason).toBe('The file is empty');
    expect(videoFailure('NOT_A_VIDEO').failure.reason).toBe('The file is not a video');
  });

  it('let a step override whether a retry can help', () => {
    expect(failure('TIMED_OUT').failure.retryable).toBe(true);
    expect(failure('HTTP_STATUS', { retryable: true, retryAfterMs: 5 }).failure).toMatchObject({
      retryable: true,
      retryAfterMs: 5,
    });
  });
});
