import { describe, expect, it } from 'vitest';
import type { Row } from './figure.js';
import { mergeResults, type Results } from './results.js';
import { sampleRow } from './sample-row.js';

const run = (at: string, rows: Row[], more: Partial<Results> = {}): Results => ({
  at,
  form: 'whole',
  machine: { cores: 2, cpu: 'A', memoryBytes: 8e9, system: 'linux', node: 'v20', fileSystem: 'ext4' },
  rows,
  ...more,
});

describe('mergeResults', () => {
  it('takes the latest value of each row, in any order of the runs', () => {
    const early = run('2026-01-01', [sampleRow('small.a', 1), sampleRow('large.a', 2)]);
    const late = run('2026-01-02', [sampleRow('small.a', 3)]);
    const merged = mergeResults([late, early]);
    expect(merged.at).toBe('2026-01-02');
    expect(merged.rows.map(({ id, value }) => [id, value])).toEqual([
      ['small.a', 3],
      ['large.a', 2],
    ]);
  });

  it('refuses to mix forms or machines', () => {
    const whole = run('2026-01-01', []);
    expect(() => mergeResults([whole, { ...whole, form: 'quick' }])).toThrow('different machines or forms');
    const other = { ...whole, machine: { ...whole.machine, cores: 4 } };
    expect(() => mergeResults([whole, other])).toThrow('different machines or forms');
  });

  it('refuses an empty list', () => {
    expect(() => mergeResults([])).toThrow('No results');
  });
});
