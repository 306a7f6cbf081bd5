import { describe, expect, it } from 'vitest';
import { MEDIA_FAILURES } from '../media/media-failures.js';
import { videoKind } from './video-kind.js';

const { codes, types, facts } = videoKind({ MAX_VIDEO_BYTES: 1 });

describe('the kind of videos', () => {
  it('fails with the closed list of codes of the contract', () => {
    expect(Object.keys({ ...MEDIA_FAILURES, ...codes }).toSorted()).toEqual(
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
        'CHECKSUM_MISMATCH',
        'METADATA_INVALID',
        'STORAGE_FAILED',
        'CANCELLED',
        'PLAN_EXPIRED',
        'PROCESSING_TIMED_OUT',
        'INTERNAL',
      ].toSorted(),
    );
  });

  it('takes every container that the parser knows', () => {
    expect(types).toMatchObject({ 'video/mp4': 'mp4', 'video/x-matroska': 'mkv', 'application/mxf': 'mxf' });
    expect(Object.keys(types)).toHaveLength(16);
  });

  it('shows width and height in a status', () => {
    expect(Object.keys(facts).filter((fact) => facts[fact]?.inStatus)).toEqual(['width', 'height']);
  });
});
