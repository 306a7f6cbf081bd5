import { describe, expect, it } from 'vitest';
import { MEDIA_FAILURES } from '../../media/media-failures.js';
import { clockTime } from './clock-time.js';
import { causeOf, cureOf, STATUS_CURES } from './cures.js';

const CODES = {
  ...MEDIA_FAILURES,
  OF_A_TEAM: { sentence: 'The {noun} is too quiet', retryable: false },
  CURED: { sentence: 'The {noun} is too loud', retryable: false, cure: 'Turn the {noun} down' },
};

const failure = (code: string, httpStatus: number | null = null, retryable = false) => ({
  code,
  httpStatus,
  retryable,
});

describe('the cure of a failure', () => {
  it('is that of the status of the response, or of its class', () => {
    const cure = (status: number) => cureOf(CODES, failure('HTTP_STATUS', status), 'sound');
    expect(cure(403)).toContain("Ask the archive's owner for access");
    expect(cure(404)).toContain('remove the item from your list');
    expect(cure(599)).toBe(STATUS_CURES[500]);
    expect(cure(418)).toBe(STATUS_CURES[400]);
    expect(cureOf(CODES, failure('HTTP_STATUS'), 'sound')).toBe(MEDIA_FAILURES.HTTP_STATUS.cure);
    // A partial response is no answer about the file.
    expect(cureOf(CODES, failure('TRUNCATED', 206), 'sound')).toBe(MEDIA_FAILURES.TRUNCATED.cure);
  });

  it('has the noun of the kind, also for codes of teams', () => {
    expect(cureOf(CODES, failure('CURED'), 'sound')).toBe('Turn the sound down');
    expect(causeOf(CODES, 'OF_A_TEAM', 'sound')).toBe('The sound is too quiet');
  });

  it('exists for codes that say nothing, and for those that are gone', () => {
    expect(cureOf(CODES, failure('OF_A_TEAM'), 'sound')).toMatch(/^Correct the item/);
    expect(cureOf(CODES, failure('GONE', null, true), 'sound')).toMatch(/^Retry/);
    expect(cureOf(CODES, failure('toString', null, true), 'sound')).toMatch(/^Retry/);
    expect(causeOf(CODES, 'GONE', 'sound')).toBeNull();
  });

  it.each([...Object.values(MEDIA_FAILURES).map(({ cure }) => cure), ...Object.values(STATUS_CURES)])(
    'is a sentence: %s',
    (cure) => expect(cure).toMatch(/^[A-Z].*[^.]$/),
  );
});

it('a time in a sentence is rounded up, and has its date unless it is today', () => {
  const now = new Date('2026-11-28T13:00:00Z');
  expect(clockTime(new Date('2026-11-28T14:04:01Z'), now)).toBe('14:05 UTC');
  expect(clockTime(new Date('2026-11-28T14:05:00Z'), now)).toBe('14:05 UTC');
  expect(clockTime(new Date('2026-11-28T23:59:59Z'), now)).toBe('2026-11-29 00:00 UTC');
});
