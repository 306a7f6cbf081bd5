import type { Client } from 'pg';
import { VIDEOS } from '../../../src/videos/video-kind.js';

export interface Backlog {
  /** Name of an existing project. */
  project: string;
  /** Part of every id and path, which makes them unique. */
  name: string;
  imports: number;
  itemsPerImport: number;
  /** Base URLs such as `http://127.0.0.2:1234/28000/0`, used alternately. */
  folders: readonly string[];
}

/** Writes pending imports as if they had been posted: a million items in seconds. */
export async function writeBacklog(
  database: Client,
  { project, name, imports, itemsPerImport, folders }: Backlog,
): Promise<void> {
  await database.query(
    `WITH batch AS (
       INSERT INTO imports (id, project_id, kind, system_name, total)
       SELECT $1 || number, project.id, $2, 'bench', $3
       FROM projects project, generate_series(1, $4::integer) AS number
       WHERE project.name = $5
       RETURNING id
     ),
     item AS (
       SELECT batch.id AS import_id, position, batch.id || '-' || position AS external_id,
         ($6::text[])[1 + position % cardinality($6::text[])] AS folder
       FROM batch, generate_series(0, $3::integer - 1) AS position
     )
     INSERT INTO import_items (import_id, position, external_id, title, payload, origin_host)
     SELECT import_id, position, external_id, 'Video ' || external_id,
       jsonb_build_object('url', folder || '/' || external_id || '.mp4', 'metadata', jsonb_build_object('credit', 'Reelport')),
       split_part(folder, '/', 3)
     FROM item
     ORDER BY import_id, position`,
    [name, VIDEOS, itemsPerImport, imports, project, folders],
  );
}

/** Number of finished items. @throws Error if an item failed, because the measurement is invalid then */
export async function endedItems(database: Client): Promise<number> {
  const { rows } = await database.query<{ ended: string; failed: string }>(
    `SELECT coalesce(sum(success + skipped), 0) AS ended, coalesce(sum(failed), 0) AS failed FROM imports`,
  );
  const [row] = rows;
  if (row === undefined || row.failed !== '0') throw new Error(`${row?.failed} items of the backlog failed`);
  return Number(row.ended);
}
