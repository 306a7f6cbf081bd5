import { once } from 'node:events';
import { get } from 'node:http';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { residentMemory } from '../support/resident-memory.js';
import { startReelport, type Reelport, type TestProject } from '../support/reelport.js';
import { startOrigin, type Origin } from '../support/origin.js';
import { ApiClient } from '../support/api.js';
import { entry, newMp4, videoOf } from './scene.js';

const COLUMNS = ['externalId', 'state', 'code', 'reason', 'mediaId', 'sha256', 'bytes', 'url'];
const GENERATED = 100_000;
/** Maximum growth of the process during a report, in bytes. A report held in memory takes several times as much. */
const ROOM_BYTES = 64 * 1024 * 1024;

type Row = Record<string, string | number | null>;

let reelport: Reelport;
let origin: Origin;
let project: TestProject;
let token: string;
let api: ApiClient;

beforeAll(async () => {
  origin = await startOrigin();
  // A small heap, so that retained memory exceeds uncollected garbage.
  reelport = await startReelport(
    { NODE_OPTIONS: '--max-semi-space-size=4 --max-old-space-size=160', MEDIA_URL_QUERY: 'auto=format' },
    ['main', 'worker'],
  );
  project = await reelport.createProject();
  token = await reelport.createToken(project);
  api = new ApiClient(reelport.url, token);
});

afterAll(async () => {
  await reelport?.remove();
  await origin?.close();
});

function fetchReport(importId: string, query = ''): Promise<Response> {
  return fetch(`${reelport.url}/api/v1/imports/${importId}/report${query}`, {
    headers: { authorization: `Bearer ${token}` },
  });
}

function rowsOf(ndjson: string): Row[] {
  return ndjson
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Row => JSON.parse(line));
}

describe('The report of an import', () => {
  let importId: string;

  beforeAll(async () => {
    const videos = [
      entry('good', origin.url('/good.mp4')),
      entry('=1+1', origin.url('/missing.mp4')),
      entry('a "quoted", id', origin.url('/good.mp4')),
    ];
    origin.serve('/good.mp4', newMp4());
    importId = await api.importVideos('report', videos);
    await api.finished(importId);
  });

  it('contains the stored facts and the failures', async () => {
    const response = await fetchReport(importId, '?format=ndjson');
    expect(response.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    const rows = rowsOf(await response.text());
    const { videos } = await api.finished(importId);
    const { asset } = await videoOf(api, videos[0]?.video?.['mediaId']);
    expect(rows).toEqual([
      {
        externalId: 'good',
        state: 'success',
        code: null,
        reason: null,
        mediaId: videos[0]?.video?.['mediaId'],
        sha256: asset.sha256,
        bytes: asset.size,
        url: videos[0]?.video?.['url'],
      },
      {
        externalId: '=1+1',
        state: 'failed',
        code: 'HTTP_STATUS',
        reason: 'Could not download the video: the server answered 404',
        mediaId: null,
        sha256: null,
        bytes: null,
        url: null,
      },
      expect.objectContaining({ externalId: 'a "quoted", id', sha256: asset.sha256, bytes: asset.size }),
    ]);
    expect(Object.keys(rows[0] ?? {})).toEqual(COLUMNS);
  });

  it('is CSV by default, without text that a spreadsheet would evaluate', async () => {
    const response = await fetchReport(importId);
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(response.headers.get('content-disposition')).toBe(`attachment; filename="import-${importId}.csv"`);
    const text = await response.text();
    expect(text).toBe(await (await fetchReport(importId, '?format=csv')).text());
    const marked = Buffer.from(await (await fetchReport(importId, '?format=csv&bom=1')).arrayBuffer());
    expect(marked.equals(Buffer.from(`\uFEFF${text}`))).toBe(true);
    expect(text.startsWith(`${COLUMNS.join(',')}\r\n`)).toBe(true);
    expect(text).toContain("\r\n'=1+1,failed,HTTP_STATUS,");
    expect(text).toContain('\r\n"a ""quoted"", id",success,');
  });
});

describe('The report of a large import', () => {
  const importId = 'generated';

  beforeAll(async () => {
    const { dataSource } = reelport.database;
    await dataSource.query(
      `INSERT INTO imports (id, project_id, kind, system_name, total, success, failed, state, finished_at)
       VALUES ($1, $2, 'videos', 'generated', $3, $3::integer / 2, $3::integer / 2, 'success', now())`,
      [importId, project.id, GENERATED],
    );
    await dataSource.query(
      `INSERT INTO import_items (import_id, position, external_id, title, payload, origin_host, state, code, reason,
         retryable, result, tries, finished_at)
       SELECT $1, n, CASE n % 5 WHEN 0 THEN '=' WHEN 1 THEN '"' WHEN 2 THEN E'a,\\n' WHEN 3 THEN '-' ELSE 'é' END || n,
         'title', '{}', 'archive.example.com', CASE n % 2 WHEN 0 THEN 'success' ELSE 'failed' END,
         CASE n % 2 WHEN 1 THEN 'INTERNAL' END, CASE n % 2 WHEN 1 THEN 'Something, "somewhere"' END,
         CASE n % 2 WHEN 1 THEN true END,
         CASE n % 2 WHEN 0 THEN jsonb_build_object('mediaId', lpad(n::text, 12, '0'), 'sha256', repeat('a', 64),
           'size', n::bigint * 100000, 'storageKey', n || '.mp4', 'width', 1, 'height', 1, 'mimeType', 'video/mp4') END, 1,
         now()
       FROM generate_series(0, $2::integer - 1) n`,
      [importId, GENERATED],
    );
  });

  /** The database rows, read without the service. */
  async function databaseRows(): Promise<Row[]> {
    const base = `${reelport.url}/media/`;
    return reelport.database.dataSource.query(
      `SELECT external_id AS "externalId", state, code, reason, result->>'mediaId' AS "mediaId",
         result->>'sha256' AS sha256, (result->>'size')::double precision AS bytes,
         $2::text || (result->>'storageKey') || '?auto=format' AS url
       FROM import_items WHERE import_id = $1 ORDER BY position`,
      [importId, base],
    );
  }

  it('equals the database as NDJSON', async () => {
    const rows = rowsOf(await (await fetchReport(importId, '?format=ndjson')).text());
    expect(rows).toHaveLength(GENERATED);
    const expected = await databaseRows();
    expect(rows.findIndex((row, n) => JSON.stringify(row) !== JSON.stringify(expected[n]))).toBe(-1);
  });

  it('equals the database as CSV', async () => {
    const records: string[][] = parse(await (await fetchReport(importId)).text());
    expect(records.shift()).toEqual(COLUMNS);
    expect(records).toHaveLength(GENERATED);
    const expected = (await databaseRows()).map((row) =>
      Object.values(row).map((value) => String(value ?? '').replace(/^[=-]/, "'$&")),
    );
    expect(records.findIndex((record, n) => record.join('\0') !== expected[n]?.join('\0'))).toBe(-1);
  });

  it('is produced at the pace of the reader, in constant memory', async () => {
    await (await fetchReport(importId)).text();
    const before = await residentMemory(reelport.pid('main'));
    let most = 0;
    let bytes = 0;
    // Several at once: retained memory would multiply.
    const responses = await Promise.all(Array.from({ length: 4 }, () => fetchReport(importId)));
    for (const { body } of responses) {
      let sinceLook = 0;
      for await (const chunk of body!) {
        bytes += chunk.length;
        sinceLook += chunk.length;
        if (sinceLook < 1_000_000) continue;
        sinceLook = 0;
        most = Math.max(most, await residentMemory(reelport.pid('main')));
      }
    }
    expect(bytes).toBeGreaterThan(4 * 10_000_000);
    expect(most - before).toBeLessThan(ROOM_BYTES);
  });

  it('stops when the client disconnects, and the service continues', async () => {
    const request = get(`${reelport.url}/api/v1/imports/${importId}/report`, {
      agent: false,
      headers: { authorization: `Bearer ${token}` },
    });
    const [response] = await once(request, 'response');
    await once(response, 'readable');
    response.destroy();
    await once(request, 'close');
    expect((await api.call('GET', `/api/v1/imports/${importId}`)).status).toBe(200);
    expect(reelport.output()).not.toContain('Report aborted');
  });
});
