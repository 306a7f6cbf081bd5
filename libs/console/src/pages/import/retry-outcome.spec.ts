import { describe, expect, it } from 'vitest';
import { outcomeOf } from './retry-outcome.js';

const before = { finishedAt: '2020-01-01T13:45:22.000Z', progress: { failed: 100 } };
const later = '2020-01-01T13:46:00.000Z';

describe('outcomeOf', () => {
  it.each([
    ['all succeeded', 30, { succeeded: 70, failed: 0 }],
    ['some failed again', 50, { succeeded: 50, failed: 20 }],
    ['all failed again', 100, { succeeded: 0, failed: 70 }],
  ])('tells that %s', (_, failed, expected) => {
    expect(outcomeOf(70, before, { finishedAt: later, progress: { failed } })).toEqual(expected);
  });

  it('is not known while the items run, and as long as the import is shown as it was before', () => {
    expect(outcomeOf(70, before, { finishedAt: null, progress: { failed: 30 } })).toBeUndefined();
    expect(outcomeOf(70, before, before)).toBeUndefined();
  });
});
