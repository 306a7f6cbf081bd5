import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { ImportKind } from '../import-kind.js';
import type { ImportState } from '../import.entity.js';
import { isComputed, resultOf, type StoredResult } from '../result/result-field.js';
import { ResultSql } from '../result/result-sql.js';
import type { ImportFinishedBody, ItemsFinishedBody } from './import-event.entity.js';

/** An event as stored. */
export type EventRow = {
  id: number;
  importId: string;
  createdAt: Date;
} & (
  { type: 'items.finished'; body: ItemsFinishedBody } | { type: 'import.finished'; body: ImportFinishedBody }
);

/** What a stream is about: one import, or all imports of a project. */
export type Subject = { importId: string } | { projectId: number };

/** A subject, and the last of its events that was read. */
export interface Place {
  subject: Subject;
  after: number;
}

/** An import, as far as its events are about it. */
export interface WatchedImport {
  id: string;
  projectId: number;
  kind: string;
  systemName: string;
  /** JSON text. */
  context: string | null;
  state: ImportState;
  total: number;
  success: number;
  skipped: number;
  failed: number;
  finishedAt: Date | null;
}

/** The present row of an item. */
export interface ItemFacts {
  id: number;
  externalId: string;
  state: string;
  code: string | null;
  reason: string | null;
  retryable: boolean | null;
  /** Bytes of the stored file of a successful item; null for kinds without one. */
  size: number | null;
  /** In the form of the status. */
  result: StoredResult | null;
}

interface TextRow {
  id: string;
  importId: string;
  createdAt: Date;
  type: 'items.finished' | 'import.finished';
  body: ItemsFinishedBody & ImportFinishedBody;
}

/** Items per query. */
const SLICE = 1_000;

const COLUMNS = `event.id, event.import_id AS "importId", event.type, event.body, event.created_at AS "createdAt"`;

/** Reads events and what they are about. */
@Injectable()
export class ImportEventsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** The id that was drawn last, by whatever transaction. */
  async lastId(): Promise<number> {
    const [row]: Array<{ id: string }> = await this.dataSource.query(
      'SELECT CASE WHEN is_called THEN last_value ELSE 0 END AS id FROM import_events_id_seq',
    );
    return Number(row?.id ?? 0);
  }

  /**
   * Transactions in flight that write to the table: each holds this lock from its first statement on the table until
   * its rows are visible.
   *
   * Source: https://www.postgresql.org/docs/current/view-pg-locks.html
   */
  async writers(): Promise<Set<string>> {
    const rows: Array<{ transaction: string }> = await this.dataSource.query(
      `SELECT virtualtransaction AS transaction FROM pg_locks
       WHERE relation = 'import_events'::regclass AND mode = 'RowExclusiveLock' AND granted
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
    return new Set(rows.map(({ transaction }) => transaction));
  }

  /** Id of the last event of an import; 0 if there is none. */
  async lastOf(importId: string, tx: EntityManager = this.dataSource.manager): Promise<number> {
    const [row]: Array<{ id: string }> = await tx.query(
      'SELECT id FROM import_events WHERE import_id = $1 ORDER BY id DESC LIMIT 1',
      [importId],
    );
    return Number(row?.id ?? 0);
  }

  /**
   * Last events of those of these imports that have finished, or no longer exist; 0 if there is none. Both are read at
   * once, so that the end of an import is not after its last event.
   */
  async finalIds(ids: readonly string[]): Promise<Map<string, number>> {
    const rows: Array<{ importId: string; id: string }> = await this.dataSource.query(
      `SELECT wanted.id AS "importId", coalesce((
         SELECT id FROM import_events WHERE import_id = import.id ORDER BY id DESC LIMIT 1), 0) AS id
       FROM unnest($1::text[]) AS wanted (id) LEFT JOIN imports import USING (id)
       WHERE import.id IS NULL OR import.finished_at IS NOT NULL`,
      [ids],
    );
    return new Map(rows.map(({ importId, id }) => [importId, Number(id)]));
  }

  /** Whether this event exists and is one of the subject; null if there is no such event. */
  async belongs(id: number, subject: Subject): Promise<boolean | null> {
    const [row]: Array<{ projectId: number; importId: string }> = await this.dataSource.query(
      'SELECT project_id AS "projectId", import_id AS "importId" FROM import_events WHERE id = $1',
      [id],
    );
    if (row === undefined) return null;
    return 'importId' in subject ? row.importId === subject.importId : row.projectId === subject.projectId;
  }

  /** The next events of a subject, up to and with `upTo`. */
  async page({ subject, after }: Place, upTo: number, limit: number): Promise<EventRow[]> {
    const [column, owner] =
      'importId' in subject ? ['import_id', subject.importId] : ['project_id', subject.projectId];
    const rows: TextRow[] = await this.dataSource.query(
      `SELECT ${COLUMNS} FROM import_events event
       WHERE ${column} = $1 AND id > $2 AND id <= $3 ORDER BY id LIMIT ${limit}`,
      [owner, after, Number.isFinite(upTo) ? upTo : Number.MAX_SAFE_INTEGER],
    );
    return rows.map(eventRow);
  }

  /**
   * The next events of several subjects.
   *
   * @param settled for projects: every event up to this one is committed or will never be
   * @returns events with the index of their place, in its order
   */
  async next(
    places: readonly Place[],
    settled: number,
    limit: number,
  ): Promise<Array<{ place: number; row: EventRow }>> {
    const importIds = places.map(({ subject }) => ('importId' in subject ? subject.importId : null));
    const projectIds = places.map(({ subject }) => ('projectId' in subject ? subject.projectId : null));
    const rows: Array<TextRow & { place: string }> = await this.dataSource.query(
      `SELECT place.number - 1 AS place, ${COLUMNS}
       FROM unnest($1::text[], $2::integer[], $3::bigint[]) WITH ORDINALITY
         AS place (import_id, project_id, after, number)
       CROSS JOIN LATERAL (
         (SELECT * FROM import_events WHERE import_id = place.import_id AND id > place.after ORDER BY id LIMIT ${limit})
         UNION ALL
         (SELECT * FROM import_events
          WHERE project_id = place.project_id AND id > place.after AND id <= $4 ORDER BY id LIMIT ${limit})
       ) event
       LIMIT ${limit}`,
      [importIds, projectIds, places.map(({ after }) => after), settled],
    );
    return rows.map((row) => ({ place: Number(row.place), row: eventRow(row) }));
  }

  imports(ids: readonly string[]): Promise<WatchedImport[]> {
    if (ids.length === 0) return Promise.resolve([]);
    return this.dataSource.query(
      `SELECT id, project_id AS "projectId", kind, system_name AS "systemName", context, state, total, success, skipped, failed,
         finished_at AS "finishedAt"
       FROM imports WHERE id = ANY($1)`,
      [ids],
    );
  }

  /** Present rows of items of one kind, by id. */
  async items(
    { result: fields }: Pick<ImportKind, 'result'>,
    ids: readonly number[],
  ): Promise<Map<number, ItemFacts>> {
    const found = new Map<number, ItemFacts>();
    for (let from = 0; from < ids.length; from += SLICE) {
      const sql = new ResultSql();
      const result = fields === null ? 'NULL::json' : sql.result(fields);
      const rows: Array<Omit<ItemFacts, 'id'> & { id: string }> = await this.dataSource.query(
        `SELECT item.id, item.external_id AS "externalId", item.state, item.code, item.reason, item.retryable,
           CASE WHEN item.state = 'success' AND jsonb_typeof(item.result->'size') = 'number'
             THEN (item.result->>'size')::double precision END AS size,
           CASE WHEN item.state IN ('success', 'skipped') THEN ${result} END AS result
         FROM import_items item WHERE item.id = ANY(${sql.place(ids.slice(from, from + SLICE))}::bigint[])`,
        sql.parameters,
      );
      for (const row of rows) {
        const id = Number(row.id);
        const computed =
          fields !== null && row.result !== null && isComputed(fields)
            ? resultOf(fields, row.result)
            : row.result;
        found.set(id, { ...row, id, result: computed });
      }
    }
    return found;
  }
}

function eventRow({ id, importId, createdAt, type, body }: TextRow): EventRow {
  const event = { id: Number(id), importId, createdAt };
  return type === 'items.finished' ? { ...event, type, body } : { ...event, type, body };
}
