import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient, type FinishedStatus, type NewVideo } from '../support/api.js';
import { startOrigin, type Origin } from '../support/origin.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { startReelport, type Reelport, type TestProject } from '../support/reelport.js';

const SYSTEM = 'the same system';
const FILE = 'test/fixtures/h264-faststart.mp4';
const OTHER_FILE = 'test/fixtures/rotated-90.mp4';

/** A project and its import of the common batch. */
interface Side {
  project: TestProject;
  api: ApiClient;
  importId: string;
  status: FinishedStatus;
}

interface Page {
  results: Array<Record<string, unknown>>;
}

let reelport: Reelport;
let origin: Origin;
let receiver: Receiver;
let ours: Side;
let theirs: Side;

beforeAll(async () => {
  origin = await startOrigin();
  receiver = await startReceiver();
  reelport = await startReelport();
  origin.serve('/a.mp4', FILE);
  origin.serve('/same-bytes.mp4', FILE);
  origin.serve('/other.mp4', OTHER_FILE);
  ours = await importAs('ours');
  theirs = await importAs('theirs');
});

afterAll(async () => {
  await reelport?.remove();
  await receiver?.close();
  await origin?.close();
});

function videos(credit: string): NewVideo[] {
  return ['/a.mp4', '/same-bytes.mp4', '/other.mp4'].map((path, n) => ({
    url: origin.url(path),
    id: `video-${n}`,
    fileName: `title of ${credit}`,
    metadata: { credit },
  }));
}

async function importAs(name: string): Promise<Side> {
  const project = await reelport.createProject(name);
  const token = await reelport.createToken(project, [
    'public-api:write',
    'public-api:read',
    'public-api:admin',
  ]);
  const api = new ApiClient(reelport.url, token);
  const importId = await api.importVideos(SYSTEM, videos(name), { webhook: receiver.url(`/${name}`) });
  const status = await api.finished(importId);
  await receiver.waitForDelivery(({ path }) => path === `/${name}`);
  return { project, api, importId, status };
}

function mediaIds({ status }: Side): string[] {
  return status.videos.map((item) => String(item.video!['mediaId']));
}

function originalUrls({ status }: Side): string[] {
  return status.videos.map((item) => String(item.video!['originalUrl']));
}

/** Our answer for the id, after a check that an unknown id gets the same one. */
async function hidden(method: string, path: (id: string) => string, id: string) {
  const [asked, unknown] = [
    await ours.api.call(method, path(id)),
    await ours.api.call(method, path('nosuchid1234')),
  ];
  expect(asked.body).toEqual(unknown.body);
  return { status: asked.status, body: asked.body };
}

const NOT_FOUND = {
  status: 404,
  body: { status: 404, error: 'Not Found', error_details: { id: expect.any(String) } },
};

async function deliveriesOf({ api }: Side, query = '') {
  return (await api.call<Page>('GET', `/api/v1/webhooks/deliveries${query}`)).body.results;
}

async function tokensOf({ api }: Side) {
  return (await api.call<Page>('GET', '/api/v1/auth/tokens')).body.results.map(({ id }) => id);
}

describe('two projects with the same system and ids', () => {
  it('create separate videos', () => {
    for (const { status } of [ours, theirs]) {
      expect(status.overview).toEqual({ total: 3, success: 3, skipped: 0, failed: 0 });
      expect(status.videos.map(({ externalId }) => externalId)).toEqual(['video-0', 'video-1', 'video-2']);
    }
    expect(new Set([...mediaIds(ours), ...mediaIds(theirs)]).size).toBe(6);
  });

  it('keep their own titles and metadata', async () => {
    for (const [side, credit] of [
      [ours, 'ours'],
      [theirs, 'theirs'],
    ] as const) {
      const { body } = await side.api.call<Page>('GET', `/api/v1/videos?externalId=video-0`);
      expect(body.results).toEqual([
        expect.objectContaining({
          id: mediaIds(side)[0],
          title: `title of ${credit}`,
          metadata: { credit },
          version: 1,
        }),
      ]);
    }
  });

  it('skip only their own known videos', async () => {
    const third = await reelport.createProject();
    const api = new ApiClient(reelport.url, await reelport.createToken(third));
    const first = await api.finished(await api.importVideos(SYSTEM, videos('ours')));
    expect(first.overview).toMatchObject({ success: 3, skipped: 0 });
    const second = await api.finished(await api.importVideos(SYSTEM, videos('ours')));
    expect(second.overview).toMatchObject({ success: 0, skipped: 3 });
  });

  it('may use the same idempotency key', async () => {
    const ids = [];
    for (const { api } of [ours, theirs]) {
      const { status, body } = await api.call<{ id: string }>('POST', '/api/v1/import/videos', {
        body: { systemName: 'keys', videos: videos('x') },
        headers: { 'idempotency-key': 'the same key' },
      });
      expect(status).toBe(200);
      ids.push(body.id);
      await api.finished(body.id);
    }
    expect(ids[0]).not.toBe(ids[1]);
  });
});

describe('data of the other project', () => {
  it('has no import status', async () => {
    expect(await hidden('GET', (id) => `/api/v1/import/videos/status?id=${id}`, theirs.importId)).toEqual(
      NOT_FOUND,
    );
  });

  it.each([
    ['GET', ''],
    ['GET', '/items'],
    ['GET', '/report'],
    ['POST', '/retry'],
    ['POST', '/cancel'],
  ])('answers 404 to %s on its import%s', async (method, rest) => {
    const before = await theirs.api.call('GET', `/api/v1/imports/${theirs.importId}`);
    expect(await hidden(method, (id) => `/api/v1/imports/${id}${rest}`, theirs.importId)).toEqual(NOT_FOUND);
    const after = await theirs.api.call('GET', `/api/v1/imports/${theirs.importId}`);
    expect(after.status).toBe(200);
    expect(after.body).toEqual(before.body);
  });

  it('appears in no list of imports and is no cursor for one', async () => {
    const list = (query: string) => ours.api.call<Page>('GET', `/api/v1/imports?limit=500${query}`);
    const listed = (await list('')).body.results.map(({ id }) => id);
    expect(listed).toContain(ours.importId);
    expect(listed).not.toContain(theirs.importId);
    const [hidden, unknown] = [await list(`&after=${theirs.importId}`), await list('&after=nosuchid1234')];
    expect(hidden.body).toEqual(unknown.body);
  });

  it('has no videos', async () => {
    for (const id of mediaIds(theirs))
      expect(await hidden('GET', (of) => `/api/v1/videos/${of}`, id)).toEqual(NOT_FOUND);
  });

  it('appears in no list of videos', async () => {
    const { body } = await ours.api.call<Page>('GET', '/api/v1/videos?limit=500');
    const listed = body.results.map(({ id }) => id);
    expect(listed).toEqual(expect.arrayContaining(mediaIds(ours)));
    for (const id of mediaIds(theirs)) expect(listed).not.toContain(id);
  });

  it('is no cursor for a list of videos', async () => {
    const after = mediaIds(theirs)[0];
    const { status, body } = await ours.api.call<Page>('GET', `/api/v1/videos?after=${after}`);
    const unknown = await ours.api.call<Page>('GET', '/api/v1/videos?after=nosuchid1234');
    expect({ status, body }).toEqual({ status: unknown.status, body: unknown.body });
  });

  it('has no webhook deliveries', async () => {
    const [delivery] = await deliveriesOf(theirs);
    expect(delivery).toMatchObject({ importId: theirs.importId });
    expect((await deliveriesOf(ours)).map(({ importId }) => importId)).toEqual([ours.importId]);
    expect(await deliveriesOf(ours, `?importId=${theirs.importId}`)).toEqual([]);
    expect(
      await hidden('POST', (id) => `/api/v1/webhooks/deliveries/${id}/redeliver`, String(delivery['id'])),
    ).toEqual(NOT_FOUND);
  });

  it('has no access tokens', async () => {
    const [token] = await tokensOf(theirs);
    expect(await tokensOf(ours)).not.toContain(token);
    expect(await hidden('DELETE', (id) => `/api/v1/auth/tokens/${id}`, String(token))).toEqual(NOT_FOUND);
    expect(await hidden('POST', (id) => `/api/v1/auth/tokens/${id}/rotate`, String(token))).toEqual(
      NOT_FOUND,
    );
    expect(await tokensOf(theirs)).toEqual([token]);
  });

  it('is signed with another secret', () => {
    for (const [side, other] of [
      [ours, theirs],
      [theirs, ours],
    ] as const) {
      const delivery = receiver.deliveries.find(({ path }) => path === `/${side.project.name}`)!;
      expect(receiver.verify(delivery, side.project.webhookSecret)).toMatchObject({ id: side.importId });
      expect(() => receiver.verify(delivery, other.project.webhookSecret)).toThrow(/signature/);
    }
  });
});

describe('the same bytes', () => {
  it('are stored once within a project', () => {
    for (const side of [ours, theirs]) {
      const [a, same, other] = originalUrls(side);
      expect(same).toBe(a);
      expect(other).not.toBe(a);
    }
  });

  it('are stored once for each project', () => {
    expect(new Set([...originalUrls(ours), ...originalUrls(theirs)]).size).toBe(4);
  });

  it('are stored once if many videos contain them at the same time', async () => {
    const project = await reelport.createProject();
    const api = new ApiClient(reelport.url, await reelport.createToken(project));
    const many = Array.from({ length: 50 }, (_, n) => ({ ...videos('x')[0], id: `video-${n}` }));
    const status = await api.finished(await api.importVideos(SYSTEM, many));
    expect(status.overview).toMatchObject({ success: 50 });
    expect(new Set(status.videos.map((item) => item.video!['originalUrl'])).size).toBe(1);
  });

  it('are on the disk once for each project, with no other file', async () => {
    const rows = await reelport.database.dataSource.query<Array<{ storage_key: string }>>(
      'SELECT storage_key FROM assets',
    );
    const media = join(reelport.dataDir, 'media');
    const files = readdirSync(media, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
      .map((entry) => join(entry.parentPath, entry.name));
    expect(files.sort()).toEqual(rows.map(({ storage_key }) => join(media, storage_key)).sort());
  });
});
