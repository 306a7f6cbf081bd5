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
    sampleRow('small.b', 0.123_456),
    sampleRow('small.a', 2),
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
      ratios: { 'small.a': 2, 'small.b': 0.123 },
      measured: ['accept.time'],
    });
    expect(Object.keys(kept.ratios)).toEqual(['small.a', 'small.b']);
  });
});

describe('writeKept and readKept', () => {
  it('round-trip through a formatted file', async () => {
    const file = join(folder, 'kept.json');
    await writeKept(RESULTS, file);
    expect(readKept(file, 'quick')).toEqual(keptOf(RESULTS));
    expect(await readFile(file, 'utf8')).toMatch(/^\{\n {2}"form": "quick",\n[^]*\n\}\n$/);
  });

  it('reject another form', async () => {
    const file = join(folder, 'quick.json');
    await writeKept(RESULTS, file);
    expect(() => readKept(file, 'whole')).toThrow('holds ratios of the quick form');
  });
});
