import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ImportKind } from '../import-kind.js';
import { SHOWN_STATE } from '../shown-state.js';

/** One line of the ledger. */
export type ReportRow = Record<string, string | number | null>;

/** Columns that the reports of all kinds have. */
const COLUMNS = {
  externalId: 'item.external_id',
  state: SHOWN_STATE,
  code: 'item.code',
  reason: 'item.reason',
};

/** Items per query: enough that the queries cost little beside them, few enough to be nothing in memory. */
const PAGE = 1_000;

@Injectable()
export class ReportRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** The columns of a kind's report, in their order. */
  columnsOf(kind: ImportKind): string[] {
    return Object.keys({ ...COLUMNS, ...kind.reportColumns });
  }

  /**
   * The items of an import in the order of the request, page by page. Between two pages no connection is held: a client
   * may take hours over a report.
   */
  async *pages(kind: ImportKind, importId: string): AsyncGenerator<ReportRow[]> {
    for (let from = 0; ; from += PAGE) {
      const rows = await this.page(kind, importId, from);
      if (rows.length > 0) yield rows;
      if (rows.length < PAGE) return;
    }
  }

  /** Positions have no gaps. */
  private page(kind: ImportKind, importId: string, from: number): Promise<ReportRow[]> {
    const own = kind.resultParameters.length;
    const columns = Object.entries({ ...COLUMNS, ...kind.reportColumns });
    // PostgreSQL must be told the type also of those parameters that no column uses.
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
