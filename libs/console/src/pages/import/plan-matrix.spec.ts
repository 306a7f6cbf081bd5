import { describe, expect, it } from 'vitest';
import { NO_FILTER } from './items-filter.js';
import { columnsOf, rowsOf } from './plan-matrix.js';

const totals = { create: 5, update: 0, skip: 0, fail: 1 };

describe('the matrix of a plan', () => {
  it('has a row for each predicted action, and no outcomes before it is applied', () => {
    const plan = { totals, outcomes: [] };
    expect(columnsOf(plan)).toEqual([]);
    expect(rowsOf(plan)).toEqual([
      { predicted: 'create', items: 5, filter: { ...NO_FILTER, predicted: 'create' }, cells: [] },
      { predicted: 'fail', items: 1, filter: { ...NO_FILTER, predicted: 'fail' }, cells: [] },
    ]);
  });

  it('has a cell with a filter for each outcome', () => {
    const plan = {
      totals,
      outcomes: [
        { predicted: 'create' as const, actual: 'create' as const, items: 3, drift: 0 },
        { predicted: 'create' as const, actual: 'update' as const, items: 1, drift: 1 },
        { predicted: 'create' as const, actual: null, items: 1, drift: 0 },
        { predicted: 'fail' as const, actual: 'fail' as const, items: 1, drift: 1 },
      ],
    };
    expect(columnsOf(plan)).toEqual(['create', 'update', 'fail', null]);
    const [create, fail] = rowsOf(plan);
    expect(
      create?.cells.map((cell) => cell && [cell.items, cell.hasDrift, cell.filter.state, cell.filter.drift]),
    ).toEqual([
      [3, false, 'success', 'false'],
      [1, true, 'success', 'true'],
      undefined,
      [1, false, 'pending', ''],
    ]);
    expect(fail?.cells.map((cell) => cell?.hasDrift)).toEqual([undefined, undefined, true, undefined]);
  });
});
