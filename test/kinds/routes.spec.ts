import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { parseEnvironment } from '../../src/config/parse-environment.js';
import type { Extension } from '../../src/extension/define-extension.js';
import { defineMediaService, type MediaServicePart } from '../../src/extension/define-media-service.js';
import { startApi } from '../../src/start/start-api.js';
import { createProject, createToken, TOKEN_SECRET, type TestProject } from '../support/accounts.js';
import { ApiClient, type ApiAnswer } from '../support/api.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { captions, example } from './example-extension.js';

let database: TestDatabase;
let dataDir: string;
let project: TestProject;
const apps: NestFastifyApplication[] = [];

beforeAll(async () => {
  database = await createDatabase();
  dataDir = await mkdtemp(join(tmpdir(), 'reelport-kinds-'));
  project = await createProject(database.dataSource);
});
afterAll(async () => {
  await Promise.all(apps.map((app) => app.close()));
  await database?.drop();
  await rm(dataDir, { recursive: true, force: true });
});

/** Starts an API with these extensions, on the same data. */
async function open(extensions: readonly Extension[], more: Record<string, string> = {}): Promise<ApiClient> {
  const environment = parseEnvironment({
    DATABASE_URL: database.url,
    REDIS_URL: inject('redisUrl'),
    REDIS_PREFIX: `test-${randomUUID()}`,
    DATA_DIR: dataDir,
    PORT: '0',
    PUBLIC_URL: 'http://reelport.test',
    TOKEN_SECRET,
    LOG_LEVEL: 'error',
    ...more,
  });
  const app = await startApi(environment, extensions);
  apps.push(app);
  return new ApiClient(await app.getUrl(), await createToken(database.dataSource, project));
}

/** Ends an import as a worker would: the first item succeeds with this result, the others fail. */
async function finish(importId: string, result: object): Promise<void> {
  await database.dataSource.query(
    `UPDATE import_items SET finished_at = now(),
       state = CASE position WHEN 0 THEN 'success' ELSE 'failed' END,
       result = CASE position WHEN 0 THEN $2::jsonb END,
       code = CASE position WHEN 0 THEN NULL ELSE 'INTERNAL' END,
       reason = CASE position WHEN 0 THEN NULL ELSE 'Internal error' END,
       retryable = CASE position WHEN 0 THEN NULL ELSE true END
     WHERE import_id = $1`,
    [importId, JSON.stringify(result)],
  );
  await database.dataSource.query(
    `UPDATE imports SET state = 'success', success = 1, failed = total - 1, finished_at = now() WHERE id = $1`,
    [importId],
  );
}

/** A media service whose URLs show what it was told. */
function serviceOf(name: string): MediaServicePart {
  return defineMediaService({
    name,
    url: ({ kind, key, mimeType, originalUrl }) => [name, kind, key, mimeType, originalUrl].join(':'),
  });
}

const caption = { id: 'a', source: 'https://Captions.example.com./1', language: 'en', cues: null };

async function post(api: ApiClient, kind: string, entries: readonly object[]): Promise<string> {
  const { status, body } = await api.call<{ id: string }>('POST', `/api/v1/import/${kind}`, {
    body: { systemName: 'archive', [kind]: entries },
  });
  expect({ status, body }).toMatchObject({ status: 200 });
  return body.id;
}

describe('a plain kind', () => {
  let api: ApiClient;
  beforeAll(async () => {
    api = await open([example]);
  });

  it('accepts entries with the fields of its shape', async () => {
    const id = await post(api, 'captions', [
      caption,
      { ...caption, id: 'b', title: 'B', offset: 1.5, cues: 2 },
    ]);
    const items = await database.dataSource.query(
      'SELECT external_id, title, payload, origin_host FROM import_items WHERE import_id = $1 ORDER BY position',
      [id],
    );
    const { id: _, ...fields } = caption;
    expect(items).toEqual([
      { external_id: 'a', title: 'a', payload: fields, origin_host: 'captions.example.com' },
      {
        external_id: 'b',
        title: 'B',
        payload: { ...fields, offset: 1.5, cues: 2 },
        origin_host: 'captions.example.com',
      },
    ]);
  });

  it('refuses faulty entries with their dotted paths', async () => {
    const { status, body } = await api.call('POST', '/api/v1/import/captions', {
      body: {
        systemName: 'archive',
        captions: [
          { ...caption, language: 'fr', offset: '1' },
          { id: 'b', source: 'a\0b', language: 'de', cues: 1.5, langauge: 'de' },
          { ...caption, cues: 2 },
          'caption',
        ],
      },
    });
    expect(status).toBe(400);
    expect(body).toEqual({
      status: 400,
      error: 'Bad Request',
      error_details: {
        'captions.0.language': 'Must be one of de, en',
        'captions.0.offset': 'Must be a number',
        'captions.1.source': 'Must not contain the character U+0000',
        'captions.1.cues': 'Must be an integer or null',
        'captions.1.langauge': 'Unknown field. Did you mean "language"?',
        'captions.2.id': 'Must be unique within the batch; duplicates captions.0.id',
        'captions.3': expect.stringContaining('Must be an object with'),
      },
    });
  });

  it('refuses an entry whose host cannot be told', async () => {
    const { status, body } = await api.call<{ error_details: object }>('POST', '/api/v1/import/captions', {
      body: { systemName: 'archive', captions: [caption, { ...caption, id: 'b', source: 'ftp://a/1' }] },
    });
    expect(status).toBe(400);
    expect(body.error_details).toEqual({
      'captions.1': 'The URL of the caption must be a complete http or https URL',
    });
  });

  it('answers the same id for the same key and body', async () => {
    const request = {
      body: { systemName: 'archive', captions: [caption] },
      headers: { 'idempotency-key': 'one' },
    };
    const [one, two] = [
      await api.call<{ id: string }>('POST', '/api/v1/import/captions', request),
      await api.call<{ id: string }>('POST', '/api/v1/import/captions', request),
    ];
    expect(two.body).toEqual(one.body);
    const other = { ...request, body: { ...request.body, systemName: 'other' } };
    expect((await api.call('POST', '/api/v1/import/captions', other)).status).toBe(422);
  });

  it('shows its results in status, items and report', async () => {
    const id = await post(api, 'captions', [caption, { ...caption, id: 'b' }]);
    const running = await api.call('GET', `/api/v1/import/captions/status?id=${id}`);
    expect(running.body).toMatchObject({ finished: false, progress: { total: 2, pending: 2 } });
    await finish(id, { captionId: 'c1', cues: 3, former: 'x' });
    const result = { captionId: 'c1', cues: 3 };
    const { body } = await api.call('GET', `/api/v1/import/captions/status?id=${id}`);
    expect(body).toMatchObject({
      finished: true,
      captions: [
        { state: 'success', externalId: 'a', title: 'a', caption: result },
        { state: 'failed', code: 'INTERNAL' },
      ],
    });
    expect(body).toHaveProperty('captions.0.caption', result);
    const items = await api.call('GET', `/api/v1/imports/${id}/items`);
    expect(items.body).toHaveProperty('results.0.caption', result);
    expect(items.body).not.toHaveProperty('results.1.caption');
    const report = await api.call('GET', `/api/v1/imports/${id}/report`);
    expect(report.body).toBe(
      'externalId,state,code,reason,captionId,draft\r\na,success,,,c1,\r\nb,failed,INTERNAL,Internal error,,\r\n',
    );
    expect((await api.call('GET', `/api/v1/import/videos/status?id=${id}`)).status).toBe(404);
  });

  it('shows false in a report', async () => {
    const id = await post(api, 'captions', [caption]);
    await finish(id, { captionId: 'c1', cues: 3, draft: false });
    const report = await api.call('GET', `/api/v1/imports/${id}/report`);
    expect(report.body).toContain('\r\na,success,,,c1,false\r\n');
  });
});

describe('a kind of files', () => {
  const stored = {
    mediaId: 'abcdefghijkl',
    sha256: 'f'.repeat(64),
    size: 7,
    mimeType: 'image/png',
    storageKey: '2019/a.png',
    width: 320,
    colors: null,
  };
  const picture = { id: 'a', url: 'https://a.example/1.png', fileName: 'A', metadata: { n: 1 } };

  it('has the routes of videos, with its own facts', async () => {
    const api = await open([example]);
    const id = await post(api, 'pictures', [picture]);
    await finish(id, stored);
    const { body } = await api.call('GET', `/api/v1/import/pictures/status?id=${id}`);
    expect(body).toHaveProperty('pictures.0.picture', {
      mediaId: 'abcdefghijkl',
      originalUrl: 'http://reelport.test/media/2019/a.png',
      url: 'http://reelport.test/media/2019/a.png?auto=format',
      width: 320,
      colors: null,
      mimeType: 'image/png',
      pictureService: 'imgix',
    });
  });

  it('has URLs of a media service', async () => {
    const house = { ...example, mediaServices: [serviceOf('house')] };
    const api = await open([house], { VIDEO_SERVICE: 'house' });
    const id = await post(api, 'pictures', [picture, { ...picture, id: 'b' }]);
    await finish(id, stored);
    const url = 'house:pictures:2019/a.png:image/png:http://reelport.test/media/2019/a.png';
    const { body } = await api.call('GET', `/api/v1/import/pictures/status?id=${id}`);
    expect(body).toHaveProperty('pictures.0.picture.url', url);
    expect(body).toHaveProperty('pictures.0.picture.pictureService', 'house');
    const items = await api.call('GET', `/api/v1/imports/${id}/items`);
    expect(items.body).toHaveProperty('results.0.picture.url', url);
    const report = await api.call<string>('GET', `/api/v1/imports/${id}/report`);
    expect(report.body.split('\r\n')[1]).toBe(`a,success,,,abcdefghijkl,${stored.sha256},7,${url}`);
  });
});

const idsOf = ({ body }: ApiAnswer<{ results: Array<{ id: string }> }>): string[] =>
  body.results.map(({ id }) => id);

describe('the library', () => {
  const facts = { width: 320, colors: null, former: 1 };
  const ids = ['aaaaaaaaaaa1', 'aaaaaaaaaaa2', 'aaaaaaaaaaa3'] as const;

  beforeAll(async () => {
    for (const [index, id] of ids.entries()) {
      const kind = index === 2 ? 'videos' : 'pictures';
      await database.dataSource.query(
        `WITH file AS (
           INSERT INTO assets (project_id, kind, sha256, size, mime_type, facts, storage_key)
           VALUES ($1, $2, $3, 7, 'image/png', $4, $5) RETURNING id)
         INSERT INTO media (id, project_id, kind, system_name, external_id, title, metadata, import_sequence,
           version_sequence, source_url, asset_id, created_at)
         SELECT $5, $1, $2, 'archive', $6, 'T', '{"a": 1}', 1, 1, 'https://a.example', id, now() + $7 * interval '1 s'
         FROM file`,
        [project.id, kind, String(index).repeat(64), JSON.stringify(facts), id, `e${index}`, index],
      );
    }
  });

  const asset = {
    url: 'http://reelport.test/media/aaaaaaaaaaa1',
    mimeType: 'image/png',
    width: 320,
    colors: null,
    camera: null,
    size: 7,
    sha256: '0'.repeat(64),
  };

  it('has media of every kind with the facts of their kind', async () => {
    const api = await open([example]);
    const one = await api.call<{ asset: object }>('GET', `/api/v1/media/${ids[0]}`);
    expect(one).toMatchObject({
      status: 200,
      body: { id: ids[0], kind: 'pictures', version: 1, externalId: 'e0', metadata: { a: 1 } },
    });
    expect(one.body.asset).toEqual(asset);
    expect(idsOf(await api.call('GET', '/api/v1/media'))).toEqual([ids[2], ids[1], ids[0]]);
    expect(idsOf(await api.call('GET', '/api/v1/media?kind=pictures'))).toEqual([ids[1], ids[0]]);
    expect(idsOf(await api.call('GET', '/api/v1/media?externalId=e1&systemName=archive'))).toEqual([ids[1]]);
    const page = await api.call<{ results: Array<{ id: string }>; cursor: string }>(
      'GET',
      '/api/v1/media?limit=2',
    );
    expect(idsOf(await api.call('GET', `/api/v1/media?limit=2&after=${page.body.cursor}`))).toEqual([ids[0]]);
    expect((await api.call('GET', '/api/v1/media?after=none')).status).toBe(400);
    expect((await api.call('GET', '/api/v1/media/none')).status).toBe(404);
    expect((await api.call('GET', `/api/v1/videos/${ids[0]}`)).status).toBe(404);
  });

  it('has media of a kind that is gone, without its facts', async () => {
    const api = await open([]);
    const one = await api.call<{ asset: object }>('GET', `/api/v1/media/${ids[0]}`);
    const { width: _, colors: __, camera: ___, ...common } = asset;
    expect(one.body.asset).toEqual(common);
  });
});

describe('a kind that is gone', () => {
  it('has import, items, report and cancel with the common fields, but no routes', async () => {
    const before = await open([example]);
    const done = await post(before, 'captions', [caption]);
    await finish(done, { captionId: 'c1', cues: 3 });
    const waiting = await post(before, 'captions', [caption]);

    const api = await open([]);
    const entry = { systemName: 'archive', captions: [caption] };
    expect((await api.call('POST', '/api/v1/import/captions', { body: entry })).status).toBe(404);
    expect((await api.call('GET', `/api/v1/import/captions/status?id=${done}`)).status).toBe(404);
    expect((await api.call('GET', `/api/v1/imports/${done}`)).body).toMatchObject({ kind: 'captions' });
    const items = await api.call<{ results: object[] }>('GET', `/api/v1/imports/${done}/items`);
    expect(items.status).toBe(200);
    expect(items.body.results).toEqual([expect.not.objectContaining({ caption: expect.anything() })]);
    expect((await api.call('GET', `/api/v1/imports/${done}/report`)).body).toBe(
      'externalId,state,code,reason\r\na,success,,\r\n',
    );
    const cancelled = await api.call('POST', `/api/v1/imports/${waiting}/cancel`);
    expect(cancelled).toMatchObject({ status: 200, body: { cancelled: 1 } });

    const again = await open([{ ...example, kinds: [captions] }]);
    const { body } = await again.call('GET', `/api/v1/import/captions/status?id=${done}`);
    expect(body).toHaveProperty('captions.0.caption.captionId', 'c1');
  });
});
