import type { DataSource } from 'typeorm';

/** Adds a project. @returns its id */
export async function addProject(dataSource: DataSource, name: string): Promise<number> {
  const [row] = await dataSource.query<Array<{ id: number }>>(
    `INSERT INTO projects (name, webhook_secrets) VALUES ($1, '[]') RETURNING id`,
    [name],
  );
  return row.id;
}

export interface NewBatch {
  projectId: number;
  id: string;
  /** One per item. */
  hosts: readonly string[];
  kind?: string;
  /** -1, 0 or 1; default: 0. */
  priority?: number;
}

/** Adds imports with their items, in acceptance order. */
export async function addImports(dataSource: DataSource, batches: readonly NewBatch[]): Promise<void> {
  const rows = batches.map(({ kind = 'things', priority = 0, ...batch }) => ({ ...batch, kind, priority }));
  await dataSource.query(
    `INSERT INTO imports (id, project_id, kind, system_name, total, priority)
     SELECT id, "projectId", kind, 's', json_array_length(hosts), priority
     FROM json_to_recordset($1::json) AS batch (id text, "projectId" integer, kind text, hosts json, priority smallint)`,
    [JSON.stringify(rows)],
  );
  await dataSource.query(
    `INSERT INTO import_items (import_id, position, external_id, title, payload, origin_host)
     SELECT id, place - 1, id || (place - 1), 't', '{}', host
     FROM json_to_recordset($1::json) AS batch (id text, hosts json),
       json_array_elements_text(hosts) WITH ORDINALITY AS host (host, place)`,
    [JSON.stringify(rows)],
  );
}

export interface NewHost {
  host: string;
  /** PostgreSQL intervals, from now. */
  failingSince?: string;
  blockedUntil?: string;
  askedUntil?: string;
  expiresAt?: string;
}

export async function addHosts(dataSource: DataSource, hosts: readonly NewHost[]): Promise<void> {
  await dataSource.query(
    `INSERT INTO origin_hosts (host, share, failures, failing_since, blocked_until, asked_until, expires_at)
     SELECT host, 4, CASE WHEN "failingSince" IS NULL THEN 0 ELSE 1 END, now() + "failingSince", now() + "blockedUntil",
       now() + "askedUntil", now() + coalesce("expiresAt", '1 hour')
     FROM json_to_recordset($1::json) AS host
       (host text, "failingSince" interval, "blockedUntil" interval, "askedUntil" interval, "expiresAt" interval)`,
    [JSON.stringify(hosts)],
  );
}

/** `host00000`, `host00001` and so on. */
export function hostNames(count: number, prefix = 'host'): string[] {
  return Array.from({ length: count }, (_, n) => `${prefix}${String(n).padStart(5, '0')}`);
}
