import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { useServices } from '#libs/embedded';
import { ApiClient } from '../support/api.js';
import { startOrigin, type Origin } from '../support/origin.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { until } from '../support/until.js';
import { newPng } from './support/new-png.js';
import { runNpm } from './support/run-npm.js';
import { TeamApp } from './support/team-app.js';

const EICAR = String.raw`X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`;
/** The file is fixed in the code of the team. */
const DIARY = '/tmp/house-diary.txt';
const PNG = { contentType: 'image/png' };
const folder = join(inject('installed'), 'house');

interface ImageItem {
  state: 'success' | 'skipped' | 'failed';
  externalId: string;
  code?: string;
  reason?: string;
  image?: { mediaId: string; originalUrl: string; mimeType: string; width: number; height: number };
}

interface ImagesStatus {
  finished: boolean;
  state: 'started' | 'success' | 'failed';
  images: ImageItem[];
}

interface Event {
  type: string;
  importId: string;
  mediaId?: string;
}

let app: TeamApp;
let api: ApiClient;
let origin: Origin;
let receiver: Receiver;

beforeAll(async () => {
  await runNpm(['run', 'build'], folder);
  [app, origin] = await Promise.all([TeamApp.of(folder), startOrigin()]);
  await app.start();
  api = new ApiClient(app.url, await newToken('public-api:write', 'public-api:read', 'reports:read'));
  receiver = await startReceiver({
    secret: await app.command('project', 'webhook-secret', '--project', 'press'),
  });
});
afterAll(async () => {
  await app.stop();
  await origin.close();
  await receiver.close();
});

function newToken(...scopes: readonly string[]): Promise<string> {
  const given = scopes.flatMap((scope) => ['--scope', scope]);
  return app.command('token', 'create', '--project', 'press', '--name', 'walk', ...given);
}

/** Posts images whose ids are the paths of their files. */
async function post(ids: readonly string[], more: Record<string, unknown> = {}): Promise<string> {
  const images = ids.map((id) => ({
    id,
    url: origin.url(`/${id}`),
    fileName: `Title of ${id}`,
    metadata: {},
  }));
  const { status, body } = await api.call<{ id: string }>('POST', '/api/v1/import/images', {
    body: { systemName: 'agency', images, ...more },
  });
  expect({ status, body }).toMatchObject({ status: 200 });
  return body.id;
}

function finished(id: string): Promise<ImagesStatus> {
  return until(`the end of import ${id}`, async () => {
    const { body } = await api.call<ImagesStatus>('GET', `/api/v1/import/images/status?id=${id}`);
    return body.finished && body;
  });
}

async function importOne(id: string): Promise<ImageItem> {
  const { images } = await finished(await post([id]));
  return images[0];
}

async function diary(): Promise<Event[]> {
  const text = await readFile(DIARY, 'utf8').catch(() => '');
  return text.split('\n').flatMap((line): Event[] => (line === '' ? [] : [JSON.parse(line)]));
}

describe('the images of the house', () => {
  it('are created, skipped and updated', async () => {
    const first = newPng(32, 18);
    origin.serve('/a.png', first, PNG);
    const created = await importOne('a.png');
    expect(created).toMatchObject({
      state: 'success',
      externalId: 'a.png',
      image: { mimeType: 'image/png', width: 32, height: 18 },
    });
    const served = await fetch(created.image!.originalUrl);
    expect(Buffer.from(await served.arrayBuffer()).equals(first)).toBe(true);
    expect(served.headers.get('content-type')).toBe('image/png');

    expect(await importOne('a.png')).toMatchObject({ state: 'skipped', reason: 'already exists' });

    origin.serve('/a.png', newPng(64, 36), PNG);
    expect(await importOne('a.png')).toMatchObject({
      state: 'success',
      image: { mediaId: created.image!.mediaId, width: 64, height: 36 },
    });
  });

  it('fail with the codes of the house', async () => {
    origin.serve('/page.png', Buffer.from('<html>'), PNG);
    origin.serve('/infected.png', newPng(8, 8, EICAR), PNG);
    const { state, images } = await finished(await post(['page.png', 'infected.png', 'missing.png']));
    expect(state).toBe('failed');
    expect(images.map(({ state, code }) => `${state} ${code}`)).toEqual([
      'failed NOT_AN_IMAGE',
      'failed INFECTED',
      'failed HTTP_STATUS',
    ]);
  });

  it('infect no other kind', async () => {
    origin.serve('/infected.mp4', Buffer.from(EICAR));
    const id = await api.importVideos('agency', [
      { id: 'v', url: origin.url('/infected.mp4'), fileName: 'V', metadata: {} },
    ]);
    expect((await api.finished(id)).videos).toMatchObject([{ state: 'failed', code: 'INFECTED' }]);
  });

  it('can be retried', async () => {
    origin.script('/late.png', [{ status: 404 }, { ...PNG, body: newPng(8, 8) }]);
    const id = await post(['late.png']);
    expect((await finished(id)).images).toMatchObject([{ state: 'failed', code: 'HTTP_STATUS' }]);
    expect(await api.call('POST', `/api/v1/imports/${id}/retry`)).toMatchObject({ status: 200 });
    expect((await finished(id)).images).toMatchObject([{ state: 'success' }]);
  });

  it('can be cancelled', async () => {
    origin.serve('/slow.png', newPng(8, 8), { ...PNG, hang: 'headers' });
    const id = await post(['slow.png']);
    await origin.waitForRequest('/slow.png');
    expect(await api.call('POST', `/api/v1/imports/${id}/cancel`)).toMatchObject({ status: 200 });
    expect((await finished(id)).images).toMatchObject([{ state: 'failed', code: 'CANCELLED' }]);
    origin.release();
  });

  it('have a report', async () => {
    origin.serve('/r.png', newPng(10, 20), PNG);
    const id = await post(['r.png']);
    await finished(id);
    const { status, body } = await api.call<string>('GET', `/api/v1/imports/${id}/report?format=csv`);
    expect(status).toBe(200);
    const [head, row] = body.trim().split('\r\n');
    expect(head.split(',')).toEqual(
      expect.arrayContaining(['externalId', 'state', 'code', 'mediaId', 'sha256', 'bytes']),
    );
    expect(row).toContain('r.png');
  });

  it('announce their end by a signed webhook', async () => {
    origin.serve('/w.png', newPng(8, 8), PNG);
    const id = await post(['w.png'], { webhook: receiver.url('/hook') });
    const delivery = await receiver.waitForDelivery(({ raw }) => raw.includes(id));
    expect(receiver.verify(delivery)).toMatchObject({ id, state: 'success' });
  });
});

describe('the reports of the house', () => {
  it('need a token with their scope, from the command line or the API', async () => {
    const list = (token: string): Promise<Response> =>
      fetch(`${app.url}/api/v1/reports`, { headers: { authorization: `Bearer ${token}` } });
    expect((await list(await newToken('public-api:read'))).status).toBe(403);
    const answer = await list(await newToken('reports:read'));
    expect({ status: answer.status, body: await answer.json() }).toEqual({ status: 200, body: [] });

    const admin = new ApiClient(app.url, await newToken('public-api:admin', 'reports:read'));
    const { status, body } = await admin.call<{ token: string }>('POST', '/api/v1/auth/tokens', {
      body: { name: 'from the API', scopes: ['reports:read'] },
    });
    expect(status).toBe(201);
    expect((await list(body.token)).status).toBe(200);
  });

  it('have a table of their own and a record of its migration', async () => {
    const { databaseUrl: url } = await useServices({
      dataDir: join(folder, '.data'),
      need: { redis: false },
    });
    const database = await new DataSource({ type: 'postgres', url: url! }).initialize();
    try {
      expect(await database.query('SELECT name FROM migrations_reports')).toEqual([
        { name: 'CreateReports1795800000002' },
      ]);
      expect(await database.query('SELECT * FROM reports_titles')).toEqual([]);
    } finally {
      await database.destroy();
    }
  });

  it('are documented', async () => {
    const { body } = await api.call<{ paths: Record<string, object> }>('GET', '/docs-json');
    expect(Object.keys(body.paths)).toEqual(
      expect.arrayContaining(['/api/v1/reports', '/api/v1/import/images', '/api/v1/import/images/status']),
    );
  });
});

describe('the diary of the house', () => {
  it('has every event, also after the process was killed', async () => {
    origin.serve('/d.png', newPng(8, 8), PNG);
    const id = await post(['d.png']);
    const { images } = await finished(id);
    await app.stop('SIGKILL');
    await app.start();
    await until('the events of the import', async () => {
      const events = (await diary()).filter(({ importId }) => importId === id);
      const types = new Set(events.map(({ type }) => type));
      return types.has('media.created') && types.has('import.finished') && types;
    });
    const created = (await diary()).filter(
      ({ type, importId }) => type === 'media.created' && importId === id,
    );
    expect(created.map(({ mediaId }) => mediaId)).toContain(images[0].image!.mediaId);
  });
});

it('The house ends at one SIGTERM', async () => {
  expect(await app.stop()).toBe(0);
});
