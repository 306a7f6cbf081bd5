import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { HttpStatusChoice } from '../../http/validators/http-status.js';
import { NO_HOST } from '../hosts/no-host.js';
import { containing, hasStatus, likePattern, statusParam } from '../item/item-subset.js';
import type { ItemState } from '../item/transitions.js';
import { DRIFTS, HOLDS } from '../plan/drift.js';
import type { PredictedAction, Prediction } from '../prediction.js';
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
  httpStatus: number | null;
  host: string | null;
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
  code?: string | undefined;
  host?: string | undefined;
  httpStatus?: HttpStatusChoice | undefined;
  /** Text in the external id or the title. */
  q?: string | undefined;
  predicted?: PredictedAction | undefined;
  /** Finished items whose outcome differs from their prediction, or does not. */
  drift?: 'true' | 'false' | undefined;
  /** Items that have not finished, or have since this time. */
  since?: Date | undefined;
  limit: number;
  /** Position of the last item on the previous page; -1 for the first page. */
  after: number;
}

@Injectable()
export class ItemsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Lists items in request order. The filters have no index of their own: the import bounds them to 10 000 rows in the
   * order of an index, which takes 5 to 30 ms, while an index would cost every write of the hot paths.
   */
  async list({ result: fields }: Pick<ImportKind, 'result'>, filter: ItemFilter): Promise<ItemRow[]> {
    const sql = new ResultSql();
    const result = fields === null ? 'NULL' : sql.result(fields);
    const rows: ItemRow[] = await this.dataSource.query(
      `SELECT item.position, item.external_id AS "externalId", item.title, ${SHOWN_STATE} AS state,
         item.code, item.reason, item.retryable, item.http_status AS "httpStatus",
         nullif(item.origin_host, '${NO_HOST}') AS host, item.tries,
         CASE WHEN item.state = 'pending' AND item.code IS NOT NULL THEN item.due_at END AS "nextTryAt",
         item.prediction,
         CASE WHEN item.state IN ('success', 'skipped') THEN ${result} END AS result
       FROM import_items item
       WHERE ${conditionsOf(filter, sql).join(' AND ')}
       ORDER BY item.position
       LIMIT ${sql.place(filter.limit)}`,
      sql.parameters,
    );
    if (fields === null || !isComputed(fields)) return rows;
    return rows.map((row) => ({ ...row, result: row.result && resultOf(fields, row.result) }));
  }
}

function conditionsOf(filter: ItemFilter, sql: ResultSql): string[] {
  const { importId, states, code, host, httpStatus, q, predicted, drift, since, after } = filter;
  return [
    `item.import_id = ${sql.place(importId)}`,
    `item.position > ${sql.place(after)}`,
    ...(states === undefined ? [] : [`item.state = ANY(${sql.place(states)}::text[])`]),
    ...(code === undefined ? [] : [`item.code = ${sql.place(code)}`]),
    ...(host === undefined ? [] : [`item.origin_host = ${sql.place(host)}`]),
    ...(httpStatus === undefined ? [] : [hasStatus(sql.place(statusParam(httpStatus)), 'item.')]),
    ...(q === undefined ? [] : [containing(sql.place(likePattern(q)), 'item.')]),
    ...(predicted === undefined ? [] : [`item.prediction->>'action' = ${sql.place(predicted)}`]),
    ...(drift === undefined ? [] : [drift === 'true' ? DRIFTS : HOLDS]),
    ...(since === undefined ? [] : [`(item.finished_at IS NULL OR item.finished_at >= ${sql.place(since)})`]),
  ];
}
