import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keptOf, readKept, writeKept } from './kept.js';
import type { Results } from './results.js';
import { sampleRow } from './sample-row.js';

const RESULTS: Results = {
  at: '2026-01-01',
  form: 'quick',
  machine: { cores: 2, cpu: 'A', memoryBytes: 8e9, system: 'linux', node: 'v20', fileSystem: 'ext4' },
  rows: [
    sampleRow('small.b', 0.5, { rounds: [0.48, 0.5, 0.52] }),
    sampleRow('small.c', 1, { rounds: [0.5, 1.5] }),
    sampleRow('small.a', 2, { rounds: [2, 2.000_4] }),
    sampleRow('fairness.a', 1, { rounds: [1, 1], better: 'lower' }),
    sampleRow('accept.time', 812, { unit: 'ms', better: 'lower', budget: 1_000 }),
    sampleRow('size.item', 600, { unit: 'B', better: 'lower' }),
  ],
};

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelport-kept-'));
});

afterAll(() => rm(folder, { recursive: true }));

describe('keptOf', () => {
  it('contains sorted ratios, ids of other rows with a budget, and no data of the machine', () => {
    const kept = keptOf(RESULTS);
    expect(kept).toEqual({
      form: 'quick',
      ratios: {
        'fairness.a': { mean: 1, bound: 1.1 },
        'small.a': { mean: 2, bound: 1.8 },
        // 5.203 standard deviations below the mean.
        'small.b': { mean: 0.5, bound: 0.396 },
        'small.c': { mean: 1, bound: 0.5 },
      },
      measured: ['accept.time'],
    });
    expect(Object.keys(kept.ratios)).toEqual(['fairness.a', 'small.a', 'small.b', 'small.c']);
  });
});

describe('writeKept and readKept', () => {
  it('round-trip through a formatted file', async () => {
    const file = join(folder, 'kept.json');
    await writeKept(RESULTS, file);
    expect(readKept(file, 'quick')).toEqual(keptOf(RESULTS));
    expect(await readFile(file, 'utf8')).toMatch(/^\{\n {2}"form": "quick",\n[^]*\n\}\n$/);
  });

  it('leave other figures as they are', async () => {
    const file = join(folder, 'updated.json');
    await writeKept(RESULTS, file);
    await writeKept({ ...RESULTS, rows: [sampleRow('small.b', 1, { rounds: [1, 1] })] }, file);
    expect(readKept(file, 'quick')).toEqual({
      form: 'quick',
      ratios: { 'fairness.a': { mean: 1, bound: 1.1 }, 'small.b': { mean: 1, bound: 0.9 } },
      measured: ['accept.time'],
    });
  });

  it('reject another form', async () => {
    const file = join(folder, 'quick.json');
    await writeKept(RESULTS, file);
    expect(() => readKept(file, 'whole')).toThrow('holds ratios of the quick form');
  });
});
