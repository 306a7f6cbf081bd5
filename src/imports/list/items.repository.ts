import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ItemState } from '../item/transitions.js';
import type { Prediction } from '../prediction.js';
import type { ImportKind } from '../import-kind.js';
import { isComputed, resultOf, type StoredResult } from '../result/result-field.js';
import { ResultSql } from '../result/result-sql.js';
import { SHOWN_STATE, type ShownState } from '../shown-state.js';

export interface ItemRow {
  position: number;
  externalId: string;
  title: string;
  state: ShownState;
  code: string | null;
  reason: string | null;
  retryable: boolean | null;
  tries: number;
  nextTryAt: Date | null;
  /** Null unless the item was planned. */
  prediction: Prediction | null;
  /** In the form of the status; null if there is none. */
  result: StoredResult | null;
}

export interface ItemFilter {
  importId: string;
  /** Undefined: all states. */
  states?: readonly ItemState[] | undefined;
  limit: number;
  /** Position of the last item on the previous page; -1 for the first page. */
  after: number;
}

@Injectable()
export class ItemsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Lists items in request order. */
  async list(
    { result: fields }: Pick<ImportKind, 'result'>,
    { importId, states, limit, after }: ItemFilter,
  ): Promise<ItemRow[]> {
    const sql = new ResultSql();
    const result = fields === null ? 'NULL' : sql.result(fields);
    const shown = sql.place(states ?? null);
    const rows: ItemRow[] = await this.dataSource.query(
      `SELECT item.position, item.external_id AS "externalId", item.title, ${SHOWN_STATE} AS state,
         item.code, item.reason, item.retryable, item.tries,
         CASE WHEN item.state = 'pending' AND item.code IS NOT NULL THEN item.due_at END AS "nextTryAt",
         item.prediction,
         CASE WHEN item.state IN ('success', 'skipped') THEN ${result} END AS result
       FROM import_items item
       WHERE item.import_id = ${sql.place(importId)} AND item.position > ${sql.place(after)}
         AND (${shown}::text[] IS NULL OR item.state = ANY(${shown}))
       ORDER BY item.position
       LIMIT ${sql.place(limit)}`,
      sql.parameters,
    );
    if (fields === null || !isComputed(fields)) return rows;
    return rows.map((row) => ({ ...row, result: row.result && resultOf(fields, row.result) }));
  }
}
