import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DataSource } from 'typeorm';
import { VideosRepository } from '../../src/videos/library/videos.repository.js';
import { WebhookDeliveriesRepository } from '../../src/webhooks/webhook-deliveries.repository.js';
import { createDatabase } from '../support/database.js';

const ROWS = 20_000;

let database: Awaited<ReturnType<typeof createDatabase>>;
let plans: Map<string, string>;

/** Explains every statement instead of running it. */
function explaining(dataSource: DataSource): { dataSource: DataSource; plan: () => string } {
  let plan = '';
  const query = async (sql: string, parameters: unknown[]): Promise<unknown[]> => {
    const rows: Array<{ 'QUERY PLAN': string }> = await dataSource.query(
      `EXPLAIN (COSTS OFF) ${sql}`,
      parameters,
    );
    plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    return [];
  };
  return { dataSource: Object.assign(Object.create(dataSource), { query }), plan: () => plan };
}

beforeAll(async () => {
  database = await createDatabase();
  const { dataSource } = database;
  await dataSource.query(`
    WITH project AS (INSERT INTO projects (name, webhook_secrets) VALUES ('plans', '[]') RETURNING id),
    asset AS (
      INSERT INTO assets (project_id, sha256, size, mime_type, container, width, height, storage_key)
      SELECT id, lpad(n::text, 64, '0'), 1, 'video/mp4', 'mp4', 1, 1, 'key' || n
      FROM project, generate_series(1, ${ROWS}) n RETURNING id, project_id, sha256::integer AS n
    ),
    delivery AS (
      INSERT INTO webhook_deliveries (id, project_id, import_id, url, receiver_host, body, state, created_at)
      SELECT 'msg_' || n, id, 'import' || n, 'https://a.example', 'a.example', '{}',
        CASE WHEN n % 1000 = 0 THEN 'failed' ELSE 'delivered' END, now() + n * interval '1 second'
      FROM project, generate_series(1, ${ROWS}) n
    )
    INSERT INTO videos (id, project_id, system_name, external_id, title, metadata, import_sequence, version_sequence,
      source_url, asset_id, created_at)
    SELECT 'video' || n, project_id, 'system' || n % 7, 'external' || n, 'Title', '{}', 1, 1, 'https://a.example', id,
      now() + n * interval '1 second'
    FROM asset`);
  await dataSource.query('ANALYZE');
  const { dataSource: explained, plan } = explaining(dataSource);
  plans = new Map();
  const note = async (what: string, run: Promise<unknown>): Promise<void> => {
    await run;
    plans.set(what, plan());
  };
  const videos = new VideosRepository(explained);
  const page = { limit: 50, after: undefined };
  await note('GET /videos', videos.list({ projectId: 1 }, page));
  await note('GET /videos?externalId=', videos.list({ projectId: 1, externalId: 'external7' }, page));
  await note(
    'GET /videos?externalId=&systemName=',
    videos.list({ projectId: 1, externalId: 'external7', systemName: 'system0' }, page),
  );
  const deliveries = new WebhookDeliveriesRepository(explained);
  await note('GET /webhooks/deliveries', deliveries.list({ projectId: 1, limit: 50 }));
  await note(
    'GET /webhooks/deliveries?state=failed',
    deliveries.list({ projectId: 1, state: 'failed', limit: 50 }),
  );
  await note(
    'GET /webhooks/deliveries?state=failed&after=',
    deliveries.list({ projectId: 1, state: 'failed', limit: 50, after: 'msg_9000' }),
  );
});
afterAll(() => database?.drop());

it('lists read what they show, by an index: the plans are the ones in git', async () => {
  const text = [...plans].map(([what, plan]) => `# ${what}\n${plan}\n`).join('\n');
  await expect(text).toMatchFileSnapshot('plans.txt');
});

it.each(['GET /videos?externalId=', 'GET /webhooks/deliveries?state=failed'])(
  '%s filters no row that it has read',
  (what) => {
    expect(plans.get(what)).not.toMatch(/Filter:|Sort/);
  },
);
