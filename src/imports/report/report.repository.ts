import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ImportKind } from '../import-kind.js';
import { SHOWN_STATE } from '../shown-state.js';

/** One line of the report. */
export type ReportRow = Record<string, string | number | null>;

/** Report columns common to all kinds. */
const COLUMNS = {
  externalId: 'item.external_id',
  state: SHOWN_STATE,
  code: 'item.code',
  reason: 'item.reason',
};

/** Items per query: large enough to amortize the query, small enough to use little memory. */
const PAGE = 1_000;

@Injectable()
export class ReportRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** The report columns of a kind, in order. */
  columnsOf(kind: ImportKind): string[] {
    return Object.keys({ ...COLUMNS, ...kind.reportColumns });
  }

  /**
   * Reads the items of an import in request order, page by page. Holds no connection between pages, because a client
   * may take hours to read a report.
   */
  async *pages(kind: ImportKind, importId: string): AsyncGenerator<ReportRow[]> {
    for (let from = 0; ; from += PAGE) {
      const rows = await this.page(kind, importId, from);
      if (rows.length > 0) yield rows;
      if (rows.length < PAGE) return;
    }
  }

  /** Pages by position, which has no gaps. */
  private page(kind: ImportKind, importId: string, from: number): Promise<ReportRow[]> {
    const own = kind.resultParameters.length;
    const columns = Object.entries({ ...COLUMNS, ...kind.reportColumns });
    // PostgreSQL needs a type even for parameters that no column uses.
    const typed = kind.resultParameters.map((_, index) => `$${index + 1}::text`);
    return this.dataSource.query(
      `WITH typed AS (SELECT ${typed.join(', ')})
       SELECT ${columns.map(([name, sql]) => `${sql} AS "${name}"`).join(', ')}
       FROM import_items item
       WHERE item.import_id = $${own + 1} AND item.position >= $${own + 2} AND item.position < $${own + 3}
       ORDER BY item.position`,
      [...kind.resultParameters, importId, from, from + PAGE],
    );
  }
}
