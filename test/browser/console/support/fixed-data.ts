import { withDatabase, type Partner } from './partner.js';

interface Settled {
  id: string;
  /** The id that pictures show. */
  as: string;
  /** The host that pictures show. */
  host: string;
  finishedAt: Date;
}

const TOOK = `interval '2 minutes'`;

/** Gives a finished import the same id, host and times in every run. */
export function settle({ id, as, host, finishedAt }: Settled): Promise<void> {
  return withDatabase(async (database) => {
    await database.query(
      `INSERT INTO imports SELECT (jsonb_populate_record(import, jsonb_build_object(
         'id', $2::text, 'sequence', 1000000 + import.sequence, 'created_by_name', 'newsroom-desk',
         'created_at', $3::timestamptz - ${TOOK}, 'started_at', $3::timestamptz - ${TOOK},
         'applied_at', CASE WHEN applied_at IS NOT NULL THEN $3::timestamptz - ${TOOK} END,
         'finished_at', $3::timestamptz))).* FROM imports import WHERE id = $1`,
      [id, as, finishedAt],
    );
    await database.query(
      `UPDATE import_items SET import_id = $2, origin_host = $3, finished_at = $4,
         payload = payload || jsonb_build_object('url', regexp_replace(payload->>'url', '//[^/]+', '//' || $3::text))
       WHERE import_id = $1`,
      [id, as, host, finishedAt],
    );
    await database.query(
      `UPDATE import_attempts SET started_at = $2::timestamptz - interval '300 milliseconds', ended_at = $2
       WHERE item_id IN (SELECT id FROM import_items WHERE import_id = $1)`,
      [as, finishedAt],
    );
    await database.query(
      `UPDATE webhook_deliveries SET import_id = $2, created_at = $3,
         delivered_at = CASE WHEN delivered_at IS NOT NULL THEN $3::timestamptz END
       WHERE import_id = $1`,
      [id, as, finishedAt],
    );
    await database.query(
      `UPDATE media SET created_at = $2, updated_at = $2
       WHERE id IN (SELECT result->>'mediaId' FROM import_items WHERE import_id = $1)`,
      [as, finishedAt],
    );
    await database.query('DELETE FROM imports WHERE id = $1', [id]);
  });
}

/** Gives the project the name that pictures show. */
export function nameProject({ project }: Partner, name: string): Promise<void> {
  return withDatabase(async (database) => {
    await database.query('UPDATE projects SET name = $2 WHERE id = $1', [project.id, name]);
  });
}

/** Gives the deliveries of a project the receiver that pictures show. */
export function nameReceiver({ project }: Partner, url: string): Promise<void> {
  return withDatabase(async (database) => {
    await database.query('UPDATE webhook_deliveries SET url = $2 WHERE project_id = $1', [project.id, url]);
  });
}

/** Gives the tokens of a project, in the order of their creation, these names, and ages that are the same in every run. */
export function nameTokens({ project }: Partner, names: readonly string[]): Promise<void> {
  return withDatabase(async (database) => {
    await database.query(
      `UPDATE access_tokens token
       SET name = named.name, created_at = now() - named.place * interval '3 days',
         expires_at = now() + named.place * interval '30 days',
         last_used_at = now() - named.place * interval '7 minutes'
       FROM (SELECT id, row_number() OVER (ORDER BY created_at) AS number FROM access_tokens WHERE project_id = $1) one
       JOIN unnest($2::text[]) WITH ORDINALITY AS named (name, place) ON named.place = one.number
       WHERE token.id = one.id`,
      [project.id, names],
    );
  });
}
