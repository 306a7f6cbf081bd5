import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ItemState } from '../item/transitions.js';
import type { ImportKind } from '../import-kind.js';
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
  /** In the form of the status; null if there is none. */
  result: object | null;
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
  list(kind: ImportKind, { importId, states, limit, after }: ItemFilter): Promise<ItemRow[]> {
    const own = kind.resultParameters.length;
    return this.dataSource.query(
      `SELECT item.position, item.external_id AS "externalId", item.title, ${SHOWN_STATE} AS state,
         item.code, item.reason, item.retryable, item.tries,
         CASE WHEN item.state = 'pending' AND item.code IS NOT NULL THEN item.due_at END AS "nextTryAt",
         CASE WHEN item.state IN ('success', 'skipped') THEN ${kind.resultSql} END AS result
       FROM import_items item
       WHERE item.import_id = $${own + 1} AND item.position > $${own + 2}
         AND ($${own + 3}::text[] IS NULL OR item.state = ANY($${own + 3}))
       ORDER BY item.position
       LIMIT $${own + 4}`,
      [...kind.resultParameters, importId, after, states ?? null, limit],
    );
  }
}
