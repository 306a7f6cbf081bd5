/** The tables of Reelport itself; no extension may create or change them. */
export const CORE_TABLES: readonly string[] = [
  'access_tokens',
  'assets',
  'event_deliveries',
  'events',
  'idempotency_keys',
  'import_items',
  'imports',
  'media',
  'migrations',
  'origin_hosts',
  'projects',
  'released_assets',
  'storage_folder',
  'webhook_attempts',
  'webhook_deliveries',
  'workers',
];
