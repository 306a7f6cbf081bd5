import { expect, it } from 'vitest';
import { mergeRows } from './merge-rows.js';

const row = (id: string, state = 'pending') => ({ id, state });

it('changes rows in place, and counts new ones without showing them', () => {
  const merged = mergeRows([row('b'), row('a')], [row('c'), row('b', 'failed')], [row('a', 'delivered')]);
  expect(merged).toEqual({ rows: [row('b', 'failed'), row('a', 'delivered')], fresh: 1 });
});

it('keeps rows without news', () => {
  expect(mergeRows([row('a')], [])).toEqual({ rows: [row('a')], fresh: 0 });
});

it('shows new rows at once where there are none that could move', () => {
  expect(mergeRows([], [row('a')])).toEqual({ rows: [row('a')], fresh: 0 });
});
