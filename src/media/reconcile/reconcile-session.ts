import type { DataSource } from 'typeorm';
import { AdvisoryLock } from '../../database/advisory-locks.js';
import { OwnConnection } from '../../database/own-connection.js';
import type { ManifestEntry, ManifestFault } from './manifest-entry.js';

/** Milliseconds that comparing may take. */
const STATEMENT_MS = 900_000;
const ANSWER_MARGIN_MS = 5_000;
/** Concurrent reconciliations of a project, over all processes. */
export const MAX_PER_PROJECT = 2;
/** Differences per query. */
const PAGE = 1_000;

export interface LibraryFilter {
  projectId: number;
  kind: string;
  systemName: string;
}

/** A difference between a manifest and the library. */
export interface DifferenceRow {
  type: 'missing' | 'extra' | 'different';
  externalId: string;
  line: string | null;
  mediaId: string | null;
  expectedSha256: string | null;
  expectedSize: string | null;
  actualSha256: string | null;
  actualSize: string | null;
}

export interface FaultRow {
  line: string;
  column: number | null;
  field: string | null;
  sentence: string;
}

/**
 * A manifest in temporary tables of a connection of its own. Entries are inserted by many short statements and compared
 * by a cursor without a transaction: a transaction as long as an upload would keep the readers of events waiting and
 * VACUUM from removing rows.
 */
export class ReconcileSession {
  private pid: number | undefined;
  private isClosed = false;

  private constructor(
    private readonly connection: OwnConnection,
    private readonly dataSource: DataSource,
  ) {}

  /** @returns null if the project has {@link MAX_PER_PROJECT} sessions */
  static async open(
    url: string,
    dataSource: DataSource,
    projectId: number,
  ): Promise<ReconcileSession | null> {
    const connection = new OwnConnection(url, STATEMENT_MS + ANSWER_MARGIN_MS, {
      application_name: 'reelport reconcile',
    });
    // The statement in progress reports the same.
    connection.client.on('error', () => undefined);
    const session = new ReconcileSession(connection, dataSource);
    try {
      await connection.client.connect();
      if (await session.begin(projectId)) return session;
      await session.close();
      return null;
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  async addEntries(entries: readonly ManifestEntry[]): Promise<void> {
    await this.connection.client.query({
      name: 'reconcile.entries',
      text: `INSERT INTO pg_temp.manifest
             SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[])`,
      values: [
        entries.map(({ line }) => line),
        entries.map(({ externalId }) => externalId),
        entries.map(({ sha256 }) => sha256),
        entries.map(({ size }) => size),
      ],
    });
  }

  async addFaults(faults: readonly ManifestFault[]): Promise<void> {
    await this.connection.client.query({
      name: 'reconcile.faults',
      text: `INSERT INTO pg_temp.faults
             SELECT * FROM unnest($1::bigint[], $2::integer[], $3::text[], $4::text[])`,
      values: [
        faults.map(({ line }) => line),
        faults.map(({ column }) => column),
        faults.map(({ field }) => field),
        faults.map(({ sentence }) => sentence),
      ],
    });
  }

  /** Missing, then extra, then different entries; of repeated entries the first one counts. */
  async *differences({ projectId, kind, systemName }: LibraryFilter): AsyncGenerator<DifferenceRow[]> {
    await this.connection.client.query('ANALYZE pg_temp.manifest');
    yield* this.pages<DifferenceRow>(
      'differences',
      `WITH entry AS (
         SELECT DISTINCT ON (external_id) external_id, line, sha256, size
         FROM pg_temp.manifest
         ORDER BY external_id, line
       ), library AS (
         SELECT medium.external_id COLLATE "C" AS external_id, medium.id, asset.sha256, asset.size
         FROM media medium
         JOIN assets asset ON asset.id = medium.asset_id
         WHERE medium.project_id = $1 AND medium.kind = $2 AND medium.system_name = $3 AND medium.removed_at IS NULL
       )
       SELECT CASE WHEN library.id IS NULL THEN 'missing' WHEN entry.line IS NULL THEN 'extra' ELSE 'different' END
           AS type,
         coalesce(entry.external_id, library.external_id) AS "externalId", entry.line, library.id AS "mediaId",
         entry.sha256 AS "expectedSha256", entry.size AS "expectedSize",
         library.sha256 AS "actualSha256", library.size AS "actualSize"
       FROM entry
       FULL JOIN library ON library.external_id = entry.external_id
       WHERE library.id IS NULL OR entry.line IS NULL OR entry.sha256 <> library.sha256 OR entry.size <> library.size
       ORDER BY CASE WHEN library.id IS NULL THEN 1 WHEN entry.line IS NULL THEN 2 ELSE 3 END, entry.line,
         library.external_id`,
      [projectId, kind, systemName],
    );
  }

  /** Unreadable lines and repeated entries, in the order of the manifest. */
  async *faults(): AsyncGenerator<FaultRow[]> {
    yield* this.pages<FaultRow>(
      'faults',
      `SELECT line, col AS column, field, sentence FROM pg_temp.faults
       UNION ALL
       SELECT line, NULL, 'externalId', 'Duplicates the externalId of line ' || first
       FROM (
         SELECT line, min(line) OVER (PARTITION BY external_id) AS first FROM pg_temp.manifest
       ) entry
       WHERE line <> first
       ORDER BY line`,
      [],
    );
  }

  /** Ends the session at once, also while a statement runs. Repeated calls have no effect. */
  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    if (this.pid !== undefined && this.isBusy) {
      // A closed connection alone would let the server finish the statement.
      await this.dataSource.query('SELECT pg_cancel_backend($1)', [this.pid]).catch(() => undefined); // without PostgreSQL there is no statement
    }
    await this.connection.close();
  }

  private isBusy = false;

  private async begin(projectId: number): Promise<boolean> {
    const { client } = this.connection;
    const { rows } = await client.query<{ pid: number }>(
      `SELECT pg_backend_pid() AS pid, set_config('statement_timeout', '${STATEMENT_MS}', false),
         set_config('timezone', 'UTC', false), set_config('jit', 'off', false)`,
    );
    this.pid = rows[0]?.pid;
    for (let slot = 0; slot < MAX_PER_PROJECT; slot += 1) {
      const key = projectId * MAX_PER_PROJECT + slot;
      const { rows: locks } = await client.query<{ held: boolean }>(
        'SELECT pg_try_advisory_lock($1, $2) AS held',
        [AdvisoryLock.Reconcile, key],
      );
      if (!locks.some(({ held }) => held)) continue;
      await client.query(
        `CREATE TEMP TABLE manifest (line bigint NOT NULL, external_id text COLLATE "C" NOT NULL,
           sha256 text COLLATE "C", size bigint);
         CREATE TEMP TABLE faults (line bigint NOT NULL, col integer, field text, sentence text NOT NULL)`,
      );
      return true;
    }
    return false;
  }

  /** The cursor outlives its transaction: its rows wait on the disk of the server while the client reads. */
  private async *pages<Row extends object>(
    name: string,
    select: string,
    values: readonly unknown[],
  ): AsyncGenerator<Row[]> {
    const { client } = this.connection;
    this.isBusy = true;
    await client.query('BEGIN');
    await client.query(`DECLARE ${name} NO SCROLL CURSOR WITH HOLD FOR ${select}`, [...values]);
    await client.query('COMMIT');
    this.isBusy = false;
    for (;;) {
      const { rows } = await client.query<Row>(`FETCH ${PAGE} FROM ${name}`);
      if (rows.length > 0) yield rows;
      if (rows.length < PAGE) return;
    }
  }
}
