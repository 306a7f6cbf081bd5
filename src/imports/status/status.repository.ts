import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { isPlainObject } from '../../http/plain-object.js';
import { TimeSlices } from '../../http/time-slices.js';
import { IS_PLAN } from '../item/import-progress.js';
import type { ImportKind } from '../import-kind.js';
import { Import } from '../import.entity.js';
import { isComputed, resultOf, type ResultField } from '../result/result-field.js';
import { ResultSql } from '../result/result-sql.js';

/** The parts of an import kind that the status uses. */
type ShownKind = Pick<ImportKind, 'name' | 'noun' | 'result'>;

/** Items per slice. */
const SLICE = 500;

const COUNTS = `'total', import.total, 'success', import.success, 'skipped', import.skipped, 'failed', import.failed`;
const PENDING = `'pending', import.total - import.success - import.skipped - import.failed - import.planned`;

/** Adds the prediction of a planned item to the JSON text of `item`; others have no such member. */
const withPrediction = (json: string): string =>
  `CASE WHEN item.prediction IS NULL THEN ${json}
     ELSE left(${json}, -1) || ', "prediction" : ' || item.prediction::text || '}' END`;

interface StatusRow {
  /** JSON text of the status without the fields that only a finished import has. */
  head: string;
  /** JSON texts of items, separated by commas; null while the import runs. */
  items: string | null;
  /** JSON text. */
  overview: string;
}

@Injectable()
export class StatusRepository {
  constructor(private readonly dataSource: DataSource) {}

  has(kind: string, projectId: number, id: string): Promise<boolean> {
    return this.dataSource.getRepository(Import).existsBy({ kind, projectId, id });
  }

  /**
   * Builds the status of an import as JSON text in the database, so that ten thousand items are sent without becoming
   * objects. The text comes in slices, because PostgreSQL copies a text again for each object that contains it.
   *
   * @returns slices whose concatenation is the JSON text; null if the project has no such import
   */
  async findStatus(kind: ShownKind, projectId: number, importId: string): Promise<string[] | null> {
    const fields = kind.result ?? [];
    const sql = new ResultSql();
    const result = `${sql.place(kind.noun)}::text, ${sql.result(fields)}`;
    const rows: StatusRow[] = await this.dataSource.query(
      `SELECT
         CASE
           WHEN import.state <> 'started' THEN json_build_object('finished', true, 'state', import.state, 'id', import.id)
           ELSE json_build_object(
             'finished', false,
             'state', CASE WHEN ${IS_PLAN} THEN 'planned' ELSE import.state END,
             'id', import.id,
             'startedAt', to_char(import.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'),
             'progress', CASE
               WHEN ${IS_PLAN} THEN json_build_object(${COUNTS}, 'planned', import.planned, ${PENDING})
               ELSE json_build_object(${COUNTS}, ${PENDING}) END)
         END::text AS head,
         slice.items,
         CASE
           WHEN import.state = 'planned' THEN json_build_object(${COUNTS}, 'planned', import.planned)
           ELSE json_build_object(${COUNTS})
         END::text AS overview
       FROM imports import
       LEFT JOIN LATERAL generate_series(0, import.total - 1, ${SLICE}) AS start (position)
         ON import.state <> 'started'
       LEFT JOIN LATERAL (
         SELECT string_agg(${withPrediction(`
           (CASE item.state
             WHEN 'success' THEN json_build_object(
               'status', item.state, 'state', item.state,
               'systemName', import.system_name, 'externalId', item.external_id, 'title', item.title,
               ${result})
             WHEN 'skipped' THEN json_build_object(
               'status', item.state, 'state', item.state, 'reason', item.reason,
               'systemName', import.system_name, 'externalId', item.external_id, 'title', item.title,
               ${result})
             WHEN 'planned' THEN json_build_object(
               'status', item.state, 'state', item.state,
               'systemName', import.system_name, 'externalId', item.external_id, 'title', item.title)
             ELSE json_build_object(
               'status', item.state, 'state', item.state, 'reason', item.reason,
               'code', item.code, 'retryable', item.retryable,
               'systemName', import.system_name, 'externalId', item.external_id, 'title', item.title)
           END)::text`)}, ',' ORDER BY item.position) AS items
         FROM import_items item
         WHERE item.import_id = import.id
           AND item.position >= start.position AND item.position < start.position + ${SLICE}
       ) slice ON true
       WHERE import.id = ${sql.place(importId)} AND import.project_id = ${sql.place(projectId)}
         AND import.kind = ${sql.place(kind.name)}
       ORDER BY start.position`,
      sql.parameters,
    );
    const [first] = rows;
    if (first === undefined) return null;
    const built = rows.flatMap(({ items }) => items ?? []);
    const slices = isComputed(fields) ? await compute(kind.noun, fields, built) : built;
    if (slices.length === 0) return [first.head];
    const begin = `${first.head.slice(0, -1)},${JSON.stringify(kind.name)}:[`;
    const list = slices.flatMap((slice, index) => (index === 0 ? [slice] : [',', slice]));
    return [begin, ...list, `],"overview":${first.overview}}`];
  }
}

/** Computes the results of the items in these slices. */
async function compute(
  noun: string,
  fields: readonly ResultField[],
  slices: readonly string[],
): Promise<string[]> {
  const pauses = new TimeSlices();
  const computed: string[] = [];
  for (const slice of slices) {
    const items: Array<Record<string, unknown>> = JSON.parse(`[${slice}]`);
    for (const item of items) {
      const stored = item[noun];
      if (isPlainObject(stored)) item[noun] = resultOf(fields, stored);
    }
    computed.push(JSON.stringify(items).slice(1, -1));
    if (pauses.isOver) await pauses.pause();
  }
  return computed;
}
