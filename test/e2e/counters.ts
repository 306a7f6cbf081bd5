import { expect } from 'vitest';
import type { Reelport } from '../support/reelport.js';

/** The counters of an import, stored and recounted from its items. */
export async function countersOf(
  { database }: Reelport,
  importId: string,
): Promise<{ kept: object; recounted: object }> {
  const [row] = await database.dataSource.query<Array<{ kept: object; recounted: object }>>(
    `SELECT json_build_object('total', total, 'success', success, 'skipped', skipped, 'failed', failed) AS kept,
       (SELECT json_build_object('total', count(*),
          'success', count(*) FILTER (WHERE item.state = 'success'),
          'skipped', count(*) FILTER (WHERE item.state = 'skipped'),
          'failed', count(*) FILTER (WHERE item.state = 'failed'))
        FROM import_items item WHERE item.import_id = import.id) AS recounted
     FROM imports import WHERE id = $1`,
    [importId],
  );
  return row;
}

/** Compares the counters of an import with a recount. */
export async function expectRightCounters(reelport: Reelport, importId: string): Promise<void> {
  const { kept, recounted } = await countersOf(reelport, importId);
  expect(kept).toEqual(recounted);
}
