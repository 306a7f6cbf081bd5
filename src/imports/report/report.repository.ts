import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ImportKind } from '../import-kind.js';
import { isPlainObject } from '../../http/plain-object.js';
import { resultOf, type ResultField } from '../result/result-field.js';
import { ResultSql } from '../result/result-sql.js';
import { PLAN_COLUMNS, REPORT_COLUMNS } from './report-columns.js';

/** One line of the report. */
export type ReportRow = Record<string, unknown>;

/** An import, as far as its report depends on it. */
export interface ReportOf {
  kind: ImportKind;
  importId: string;
  /** Whether it was planned, also if the plan was applied. */
  isPlan: boolean;
}

/** Column with the whole stored result; no column of a kind can have this name. */
const STORED = 'stored result';

/** Items per query: large enough to amortize the query, small enough to use little memory. */
const PAGE = 1_000;

@Injectable()
export class ReportRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** The columns of a report, in order. */
  columnsOf({ kind, isPlan }: ReportOf): string[] {
    const ofPlan = isPlan ? Object.keys(PLAN_COLUMNS) : [];
    return [...Object.keys(REPORT_COLUMNS), ...kind.report.map(({ name }) => name), ...ofPlan];
  }

  /**
   * Reads the items of an import in request order, page by page. Holds no connection between pages, because a client
   * may take hours to read a report.
   */
  async *pages(of: ReportOf): AsyncGenerator<ReportRow[]> {
    for (let from = 0; ; from += PAGE) {
      const rows = await this.page(of, from);
      if (rows.length > 0) yield rows;
      if (rows.length < PAGE) return;
    }
  }

  /** Pages by position, which has no gaps. */
  private async page({ kind, importId, isPlan }: ReportOf, from: number): Promise<ReportRow[]> {
    const { report } = kind;
    const sql = new ResultSql();
    const computed = report.filter(({ source }) => 'compute' in source);
    const columns = [
      ...Object.entries(REPORT_COLUMNS).map(([name, column]) => `${column} AS "${name}"`),
      ...sql.columns(report),
      ...(isPlan ? Object.entries(PLAN_COLUMNS).map(([name, column]) => `${column} AS "${name}"`) : []),
      ...(computed.length > 0 ? [`item.result AS "${STORED}"`] : []),
    ];
    const rows: ReportRow[] = await this.dataSource.query(
      `SELECT ${columns.join(', ')}
       FROM import_items item
       WHERE item.import_id = ${sql.place(importId)}
         AND item.position >= ${sql.place(from)} AND item.position < ${sql.place(from + PAGE)}
       ORDER BY item.position`,
      sql.parameters,
    );
    return computed.length > 0 ? rows.map((row) => withComputed(row, computed)) : rows;
  }
}

function withComputed({ [STORED]: stored, ...row }: ReportRow, computed: readonly ResultField[]): ReportRow {
  if (!isPlainObject(stored)) return row;
  return { ...row, ...resultOf(computed, stored) };
}
