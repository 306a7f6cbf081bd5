import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BeforeQueryEvent, DataSource } from 'typeorm';
import '../../src/app.module.js';
import '../../src/worker.module.js';
import { hotTransaction } from '../../src/database/hot-transaction.js';
import { registeredStatements } from '../../src/database/statement.js';
import { deadLetterPosition } from '../../src/events/dead-letter-cursor.js';
import { DeadLettersRepository } from '../../src/events/dead-letters.repository.js';
import { EventDelivery } from '../../src/events/event-delivery.entity.js';
import { Import } from '../../src/imports/import.entity.js';
import { ImportsRepository } from '../../src/imports/list/imports.repository.js';
import { MediaRepository } from '../../src/media/library/media.repository.js';
import { Media } from '../../src/media/library/media.entity.js';
import { WebhookAttempt } from '../../src/webhooks/webhook-attempt.entity.js';
import { WebhookDeliveriesRepository } from '../../src/webhooks/webhook-deliveries.repository.js';
import { WebhookDelivery } from '../../src/webhooks/webhook-delivery.entity.js';
import { createDatabase } from '../support/database.js';

const ROWS = 1_000_000;
const ITEMS_PER_IMPORT = 1_000;
const DELIVERIES = 50_000;
const EVENTS = 50_000;
const SEED_LIMIT_MS = 600_000;

let database: Awaited<ReturnType<typeof createDatabase>>;
let plans: Map<string, string>;
let hot: Map<string, string>;

/** Runs a query and explains the first statement that it sends. */
async function explained(dataSource: DataSource, run: () => Promise<unknown>): Promise<string> {
  const sent: BeforeQueryEvent[] = [];
  const subscriber = { beforeQuery: (event: BeforeQueryEvent) => void sent.push(event) };
  dataSource.subscribers.push(subscriber);
  await run();
  dataSource.subscribers.splice(dataSource.subscribers.indexOf(subscriber), 1);
  const [first] = sent;
  const rows: Array<{ 'QUERY PLAN': string }> = await dataSource.query(`EXPLAIN (COSTS OFF) ${first.query}`, [
    ...(Array.isArray(first.parameters) ? first.parameters : []),
  ]);
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

/** Seeds and analyzes a library and a backlog of the size that the service is designed for. */
async function seed(dataSource: DataSource): Promise<void> {
  await dataSource.transaction(async (tx) => {
    await tx.query(`SET LOCAL synchronous_commit = off`);
    await tx.query(
      `INSERT INTO projects (name, webhook_secrets) SELECT 'project ' || n, '[]' FROM generate_series(1, 10) n`,
    );
    await tx.query(`
      INSERT INTO imports (id, project_id, kind, system_name, total, success, state, finished_at)
      SELECT 'import' || n, 1 + n % 10, 'videos', 'system', ${ITEMS_PER_IMPORT}, CASE WHEN n % 10 = 0 THEN 0 ELSE ${ITEMS_PER_IMPORT} END,
        CASE WHEN n % 10 = 0 THEN 'started' ELSE 'success' END, CASE WHEN n % 10 <> 0 THEN now() END
      FROM generate_series(1, ${ROWS / ITEMS_PER_IMPORT}) n`);
    await tx.query(`
      INSERT INTO import_items (import_id, position, external_id, title, payload, origin_host, state, result, lease_owner,
        lease_until, finished_at)
      SELECT import.id, place, 'external' || place, 'Title', '{}', 'host' || place % 50, item.state,
        CASE WHEN item.state = 'success' THEN '{}'::jsonb END, CASE WHEN item.state = 'running' THEN gen_random_uuid() END,
        CASE WHEN item.state IN ('queued', 'running') THEN now() END, CASE WHEN item.state = 'success' THEN now() END
      FROM imports import, generate_series(0, ${ITEMS_PER_IMPORT - 1}) place,
        LATERAL (SELECT CASE WHEN import.state = 'success' THEN 'success' WHEN place = 0 THEN 'queued'
          WHEN place = 1 THEN 'running' ELSE 'pending' END AS state) item`);
    await tx.query(
      `INSERT INTO origin_hosts (host, share) SELECT 'host' || n, 4 FROM generate_series(0, 49) n`,
    );
    await tx.query(`
      INSERT INTO assets (project_id, kind, sha256, size, mime_type, facts, storage_key)
      SELECT 1 + n % 10, 'videos', lpad(n::text, 64, '0'), 1, 'video/mp4', '{}', 'key' || n FROM generate_series(1, ${ROWS}) n`);
    await tx.query(`
      INSERT INTO media (id, project_id, kind, system_name, external_id, title, metadata, import_sequence, version_sequence,
        source_url, asset_id, created_at)
      SELECT 'video' || id, project_id, kind, 'system' || id % 7, 'external' || id, 'Title', '{}', 1, 1, 'https://a.example', id,
        now() + id * interval '1 second'
      FROM assets`);
    await tx.query(`
      INSERT INTO webhook_deliveries (id, project_id, import_id, url, receiver_host, body, state, next_attempt_at,
        delivered_at, created_at)
      SELECT 'msg_' || n, 1 + n % 10, 'import' || n, 'https://a.example', 'receiver' || n % 100, '{}', state,
        CASE WHEN state = 'pending' THEN now() END, CASE WHEN state = 'delivered' THEN now() END,
        now() + n * interval '1 second'
      FROM generate_series(1, ${DELIVERIES}) n,
        LATERAL (SELECT CASE WHEN n % 10 = 0 THEN 'failed' WHEN n % 100 = 1 THEN 'pending' ELSE 'delivered' END AS state) s`);
    await tx.query(`
      INSERT INTO webhook_attempts (delivery_id, number, started_at, duration_ms, status_code)
      SELECT id, number, now(), 10, 200 FROM webhook_deliveries, generate_series(1, 2) number`);
    await tx.query(`
      INSERT INTO events (project_id, type, body)
      SELECT 1 + n % 10, 'media.created', '{}' FROM generate_series(1, ${EVENTS}) n`);
    await tx.query(`
      INSERT INTO event_deliveries (id, event_id, project_id, listener, state, next_attempt_at, failed_at)
      SELECT gen_random_uuid(), id, project_id, listener, state, CASE WHEN state = 'pending' THEN now() END,
        CASE WHEN state = 'dead' THEN now() END
      FROM events, unnest(ARRAY['diary', 'search']) listener,
        LATERAL (SELECT CASE WHEN id % 10 = 0 THEN 'dead' ELSE 'pending' END AS state) s`);
  });
  // A sample of all rows, 300 times the target: the few rows of a partial index would make the plans a matter of chance.
  await dataSource.query(`ALTER TABLE import_items ALTER state SET STATISTICS ${Math.ceil(ROWS / 300)}`);
  await dataSource.query(
    `ALTER TABLE webhook_deliveries ALTER state SET STATISTICS ${Math.ceil(DELIVERIES / 300)}`,
  );
  await dataSource.query('ANALYZE');
}

/** The distinct scans in the plan of each hot statement. */
async function explainHot(dataSource: DataSource): Promise<Map<string, string>> {
  const scans = new Map<string, string>();
  // In an order of their own: that of the registration depends on what loads first.
  const statements = registeredStatements().toSorted((one, other) => (one.name < other.name ? -1 : 1));
  for (const { name, text } of statements) {
    const plan = await hotTransaction(dataSource, (tx) =>
      tx.query<Array<{ 'QUERY PLAN': string }>>(`EXPLAIN (GENERIC_PLAN, COSTS OFF) ${text}`),
    );
    const lines = plan
      .map((row) => row['QUERY PLAN'].trim().replace(/^->\s+/, ''))
      .filter(
        (line) =>
          /Scan (?:Backward )?(?:using|on) /.test(line) &&
          !/^(?:CTE|Subquery|Function|WorkTable) Scan/.test(line),
      );
    scans.set(name, [...new Set(lines)].toSorted().join('\n'));
  }
  return scans;
}

beforeAll(async () => {
  database = await createDatabase();
  const { dataSource } = database;
  await seed(dataSource);
  hot = await explainHot(dataSource);
  const media = new MediaRepository(dataSource.getRepository(Media));
  const deliveries = new WebhookDeliveriesRepository(
    dataSource.getRepository(WebhookDelivery),
    dataSource.getRepository(WebhookAttempt),
  );
  const deadLetters = new DeadLettersRepository(dataSource.getRepository(EventDelivery));
  const imports = new ImportsRepository(dataSource.getRepository(Import));
  const page = { projectId: 1, limit: 50 };
  const one = { externalId: 'external7' };
  const kind = 'videos';
  const lists: Record<string, () => Promise<unknown>> = {
    'GET /media': () => media.list({}, page),
    'GET /media?title=': () => media.list({ title: 'an interview' }, page),
    'GET /media?sha256=': () => media.list({ sha256: '7'.padStart(64, '0'), kinds: [kind, 'images'] }, page),
    'GET /videos': () => media.list({ kind }, page),
    'GET /videos?externalId=': () => media.list({ kind, ...one }, page),
    'GET /videos?externalId=&systemName=': () => media.list({ kind, ...one, systemName: 'system0' }, page),
    'GET /videos?after=': () => media.list({ kind }, { ...page, after: 'video1000' }),
    'GET /imports': () => imports.list(page),
    'GET /imports?state=': () => imports.list({ ...page, state: 'started' }),
    'GET /imports?systemName=&after=': () =>
      imports.list({ ...page, systemName: 'system', after: 'import9' }),
    'GET /dead-letters': () => deadLetters.list(1, 50),
    'GET /dead-letters?after=': () =>
      deadLetters.list(1, 50, deadLetterPosition('1795533665000-0b5fd4a4-7c0e-4ef0-9a5c-0f3c2a9f6d11')),
    'GET /webhooks/deliveries': () => deliveries.list({}, page),
    'GET /webhooks/deliveries?state=failed': () => deliveries.list({ state: 'failed' }, page),
    'GET /webhooks/deliveries?state=failed&after=': () =>
      deliveries.list({ state: 'failed' }, { ...page, after: 'msg_9000' }),
  };
  plans = new Map();
  for (const [name, run] of Object.entries(lists)) plans.set(name, await explained(dataSource, run));
}, SEED_LIMIT_MS);
afterAll(() => database?.drop());

it('lists and hot statements use the indexes recorded in plans.txt', async () => {
  const sections = [...plans, ...hot].map(([what, plan]) => `# ${what}\n${plan}\n`);
  await expect(sections.join('\n')).toMatchFileSnapshot('plans.txt');
});

it.each(['GET /videos?externalId=', 'GET /dead-letters?after=', 'GET /webhooks/deliveries?state=failed'])(
  '%s reads no row that it filters out',
  (what) => {
    expect(plans.get(what)).not.toMatch(/Filter:|Sort/);
  },
);

it('no hot statement scans a whole table', () => {
  expect([...hot].filter(([, scans]) => scans.includes('Seq Scan on'))).toEqual([]);
  expect(hot.get('items.claim')).toContain('Index Scan using import_items_pkey on import_items');
});
