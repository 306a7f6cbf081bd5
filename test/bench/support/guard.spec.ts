import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Row } from './figure.js';
import { Guard } from './guard.js';

let folder: string;
let file: string;

const row = (id: string, value: number, more: Partial<Row> = {}): Row => ({
  id,
  what: id,
  unit: '×',
  better: 'higher',
  value,
  rounds: [value],
  absolute: {},
  ...more,
});
const lower = { better: 'lower' } as const;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelport-guard-'));
  file = join(folder, 'kept.json');
  const rows = [row('small.a', 0.4), row('fairness.a', 1.2, lower), row('small.time', 100, { unit: 'ms' })];
  await writeFile(file, JSON.stringify({ form: 'quick', rows }));
});
afterAll(() => rm(folder, { recursive: true }));

describe('Guard', () => {
  it('lets a ratio be a quarter worse, and no more', () => {
    const guard = Guard.read(file, 'quick');
    expect(guard.losses('small', [row('small.a', 0.301)])).toEqual([]);
    expect(guard.losses('small', [row('small.a', 0.299)])).toEqual([
      { id: 'small.a', kept: 0.4, now: 0.299 },
    ]);
  });

  it('knows which ratios are better when they are lower', () => {
    const guard = Guard.read(file, 'quick');
    expect(guard.losses('fairness', [row('fairness.a', 1.59, lower)])).toEqual([]);
    expect(guard.losses('fairness', [row('fairness.a', 1.61, lower)])).toHaveLength(1);
    expect(guard.losses('fairness', [row('fairness.a', 0.1, lower)])).toEqual([]);
  });

  it('misses a ratio that is not measured any more', () => {
    expect(Guard.read(file, 'quick').losses('small', [])).toEqual([
      { id: 'small.a', kept: 0.4, now: undefined },
    ]);
  });

  it('does not compare milliseconds, which are those of another machine', () => {
    const rows = [row('small.a', 0.4), row('small.time', 900, { unit: 'ms' })];
    expect(Guard.read(file, 'quick').losses('small', rows)).toEqual([]);
  });

  it('does not compare the short form with the whole one', () => {
    expect(() => Guard.read(file, 'whole')).toThrow('holds figures of the quick form');
  });
});
