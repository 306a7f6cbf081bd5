import type { Client } from 'pg';

/** Rows per statement; more only add waiting for the disk. */
const PORTION = 250_000;

/**
 * Enlarges the library with copies of the first video, each with a unique identity, hash and storage key, as if they
 * had been imported.
 *
 * @param from number of the first copy; each number may be used once
 */
export async function writeLibrary(database: Client, from: number, count: number): Promise<void> {
  for (let first = from; first < from + count; first += PORTION) {
    const last = Math.min(first + PORTION, from + count) - 1;
    await database.query(
      `WITH pattern AS (
         SELECT medium.system_name, medium.title, medium.metadata, medium.import_sequence, medium.source_url, medium.etag,
           medium.last_modified, asset.*
         FROM media medium JOIN assets asset ON asset.id = medium.asset_id
         ORDER BY medium.created_at LIMIT 1
       ),
       copy AS (
         INSERT INTO assets (project_id, kind, sha256, size, mime_type, facts, storage_key)
         SELECT project_id, kind, encode(sha256(convert_to('library-' || number, 'UTF8')), 'hex'), size, mime_type, facts,
           regexp_replace(storage_key, '[^/]+\\.', gen_random_uuid() || '.')
         FROM pattern, generate_series($1::integer, $2::integer) AS number
         RETURNING id, sha256
       )
       INSERT INTO media (id, project_id, kind, system_name, external_id, title, metadata, import_sequence, version_sequence,
         source_url, etag, last_modified, asset_id)
       SELECT left(copy.sha256, 12), project_id, kind, system_name, '/library/' || copy.sha256, title, metadata,
         import_sequence, import_sequence, source_url, etag, last_modified, copy.id
       FROM copy, pattern`,
      [first, last],
    );
  }
  await database.query('ANALYZE media, assets');
}

/**
 * Writes copies of the first finished import.
 *
 * @returns number of written items
 */
export async function writeFinishedImports(database: Client, imports: number): Promise<number> {
  await database.query(
    `WITH pattern AS (SELECT * FROM imports WHERE state = 'success' ORDER BY sequence LIMIT 1)
     INSERT INTO imports (id, project_id, kind, system_name, state, total, success, skipped, failed, finished_at)
     SELECT 'copy' || lpad(number::text, 4, '0'), project_id, kind, system_name, state, total, success, skipped, failed,
       finished_at
     FROM pattern, generate_series(1, $1::integer) AS number`,
    [imports],
  );
  const { rowCount } = await database.query(
    `WITH pattern AS (SELECT id FROM imports WHERE state = 'success' ORDER BY sequence LIMIT 1)
     INSERT INTO import_items (import_id, position, external_id, title, payload, origin_host, state, tries, claim,
       result, finished_at)
     SELECT 'copy' || lpad(number::text, 4, '0'), position, external_id, title, payload, origin_host, state, tries,
       claim, result, finished_at
     FROM pattern JOIN import_items item ON item.import_id = pattern.id, generate_series(1, $1::integer) AS number
     ORDER BY number, position`,
    [imports],
  );
  return rowCount ?? 0;
}
