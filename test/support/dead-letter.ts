import type { DataSource } from 'typeorm';

/** Gives up an event of this import. @returns the id of the dead letter */
export async function newDeadLetter(dataSource: DataSource, importId: string): Promise<string> {
  const [{ id }] = await dataSource.query<[{ id: string }]>(
    `WITH event AS (
       INSERT INTO events (project_id, type, body)
       SELECT project_id, 'import.accepted', jsonb_build_object('importId', id, 'kind', kind, 'systemName', system_name)
       FROM imports WHERE id = $1 RETURNING id, project_id
     )
     INSERT INTO event_deliveries (id, event_id, project_id, listener, state, attempts, last_error, failed_at)
     SELECT gen_random_uuid(), id, project_id, 'diary', 'dead', 8, 'Error: No space left', now() FROM event RETURNING id`,
    [importId],
  );
  return id;
}
