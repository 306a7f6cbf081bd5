import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check } from 'prettier';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Row } from '../support/figure.js';
import type { Results } from '../support/results.js';
import { withFigures, writeReport } from './write-report.js';

const row = (id: string, value: number, more: Partial<Row> = {}): Row => ({
  id,
  what: `What ${id} is`,
  unit: '×',
  better: 'higher',
  value,
  rounds: [value * 0.9, value, value * 1.1],
  absolute: { product: { value: 812.4, unit: 'videos/s' } },
  ...more,
});

const RESULTS: Results = {
  at: '2026-01-02T03:04:05Z',
  form: 'whole',
  machine: { cores: 2, cpu: 'A', memoryBytes: 8 * 2 ** 30, system: 'linux', node: 'v20', fileSystem: 'ext4' },
  rows: [
    row('small.a', 0.5, { budget: 0.4 }),
    row('large.a', 0.8, { budget: 0.9 }),
    row('size.item', 640, { unit: 'B', rounds: [640], absolute: {} }),
    row('growth-workers.rate.2', 900, { x: 2 }),
    row('growth-workers.accept.2', 33, { x: 2 }),
  ],
};

const block = (mark: string, content = 'old'): string =>
  `<!-- figures:begin ${mark} -->\n${content}\n<!-- figures:end -->`;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reelport-report-'));
});

afterAll(() => rm(folder, { recursive: true }));

describe('withFigures', () => {
  it('replaces the marked blocks and nothing else', () => {
    const text = withFigures(`Before\n${block('machine')}\nbetween\n${block('rows size')}\nafter`, RESULTS);
    expect(text).not.toContain('old');
    expect(text).toMatch(/^Before\n<!-- figures:begin machine -->/);
    expect(text).toContain(
      '2 × A · 8.0 GiB · linux · Node v20 · ext4; measured on 2026-01-02 (complete run).',
    );
    expect(text).toContain('<!-- figures:end -->\nbetween\n');
    expect(text).toContain('| What size.item is | 640 B |');
    expect(text.endsWith('\nafter')).toBe(true);
  });

  it('shows whether budgets are met, with the range of the rounds', () => {
    const text = withFigures(block('budgets'), RESULTS);
    expect(text).toContain('| What small.a is | 0.5 × | 0.45–0.55 | ≥ 0.4 × | yes | product 812 videos/s |');
    expect(text).toContain('| What large.a is | 0.8 × | 0.72–0.88 | ≥ 0.9 × | no | product 812 videos/s |');
    expect(text).not.toContain('size.item');
  });

  it('puts both curves of a growth figure side by side', () => {
    const text = withFigures(block('growth growth-workers worker processes'), RESULTS);
    expect(text).toContain('| worker processes | videos/s | time to accept a batch |');
    expect(text).toContain('| 2 | 900 | 33 ms |');
  });

  it('states that a measurement is missing', () => {
    for (const mark of ['rows status', 'breakdown', 'capacity', 'growth growth-library videos']) {
      expect(withFigures(block(mark), RESULTS)).toContain('Not measured yet.');
    }
  });

  it('rejects an unknown block', () => {
    expect(() => withFigures(block('nonsense'), RESULTS)).toThrow('Unknown block: nonsense');
  });
});

describe('writeReport', () => {
  it('writes a formatted file, and the same file the second time', async () => {
    const file = join(folder, 'a.md');
    await writeFile(file, `# Title\n\n${block('budgets')}\n`);
    await writeReport(RESULTS, file);
    const once = await readFile(file, 'utf8');
    expect(await check(once, { parser: 'markdown' })).toBe(true);
    await writeReport(RESULTS, file);
    expect(await readFile(file, 'utf8')).toBe(once);
  });

  it('rejects a document without marks', async () => {
    const file = join(folder, 'b.md');
    await writeFile(file, '# Title\n');
    await expect(writeReport(RESULTS, file)).rejects.toThrow('has no figures:begin');
  });
});
