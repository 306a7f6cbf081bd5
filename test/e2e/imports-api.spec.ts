import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ApiClient } from '../support/api.js';
import { entry, newMp4, newPartner, openScene, type Partner, type Scene } from './scene.js';

interface Page<T> {
  results: T[];
  cursor?: string;
}

interface ShownImport {
  id: string;
  kind: string;
  systemName: string;
  state: string;
  progress: { total: number; success: number; skipped: number; failed: number; pending: number };
  createdAt: string;
  startedAt: string;
  notBefore: string | null;
  priority: string;
  finishedAt: string | null;
}

interface ShownItem {
  position: number;
  externalId: string;
  title: string;
  state: string;
  code: string | null;
  reason: string | null;
  retryable: boolean | null;
  httpStatus: number | null;
  host: string | null;
  tries: number;
  nextTryAt: string | null;
  video?: { mediaId: string };
}

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const NOTHING_WRONG = { code: null, retryable: null, httpStatus: null, nextTryAt: null };

let scene: Scene;

beforeAll(async () => {
  // A failed item is not retried while the test reads it.
  scene = await openScene({ RETRY_SCHEDULE: '1h' });
  scene.origin.serve('/good.mp4', newMp4());
  scene.origin.serve('/other.mp4', newMp4());
  scene.origin.script('/broken.mp4', [{ status: 500 }]);
  scene.origin.script('/hanging.mp4', [{ body: newMp4(), hang: 'body' }]);
});

afterAll(() => scene?.close());

async function get<T>(api: ApiClient, path: string): Promise<T> {
  const { status, body } = await api.call<T>('GET', `/api/v1/imports${path}`);
  if (status !== 200) throw new Error(`${path} was answered ${status}: ${JSON.stringify(body)}`);
  return body;
}

/** All pages of a list, in order. */
async function walk<T>(api: ApiClient, path: string, limit: number): Promise<T[][]> {
  const pages: T[][] = [];
  for (let after = ''; ;) {
    const { results, cursor } = await get<Page<T>>(
      api,
      `${path}${path.includes('?') ? '&' : '?'}limit=${limit}${after}`,
    );
    pages.push(results);
    if (cursor === undefined) return pages;
    after = `&after=${encodeURIComponent(cursor)}`;
  }
}

function missing(count: number) {
  return Array.from({ length: count }, (_, n) => entry(`v${n}`, scene.origin.url(`/missing/${n}.mp4`)));
}

/** An import with an item in every state. */
async function mixed({ api }: Partner): Promise<string> {
  await api.finished(await api.importVideos('mixed', [entry('known', scene.origin.url('/good.mp4'))]));
  return api.importVideos('mixed', [
    entry('known', scene.origin.url('/good.mp4')),
    entry('new', scene.origin.url('/other.mp4')),
    entry('missing', scene.origin.url('/missing.mp4')),
    entry('broken', scene.origin.url('/broken.mp4')),
    entry('hanging', scene.origin.url('/hanging.mp4')),
  ]);
}

describe('The items of an import', () => {
  let partner: Partner;
  let importId: string;

  beforeAll(async () => {
    partner = await newPartner(scene.reelport);
    importId = await mixed(partner);
    await vi.waitFor(
      async () => {
        const states = (await items()).map(({ state }) => state);
        if (states.join(' ') !== 'skipped success failed pending running') throw new Error(states.join(' '));
      },
      { timeout: 30_000 },
    );
  });

  async function items(query = ''): Promise<ShownItem[]> {
    return (await get<Page<ShownItem>>(partner.api, `/${importId}/items${query}`)).results;
  }

  it('show their state, and their last failure while they are pending', async () => {
    const before = Date.now();
    const { host } = new URL(scene.origin.url('/'));
    const [known, created, gone, broken, hanging] = await items();
    expect(known).toEqual({
      position: 0,
      externalId: 'known',
      title: 'Title of known',
      state: 'skipped',
      reason: 'already exists',
      host,
      tries: 1,
      ...NOTHING_WRONG,
      video: expect.objectContaining({ mediaId: expect.stringMatching(/^[A-Za-z0-9]{12}$/) }),
    });
    expect(created).toMatchObject({ position: 1, reason: null, tries: 1, ...NOTHING_WRONG });
    expect(Object.keys(created?.video ?? {}).sort()).toEqual([
      'height',
      'mediaId',
      'mimeType',
      'originalUrl',
      'url',
      'videoService',
      'width',
    ]);
    expect(gone).toEqual({
      position: 2,
      externalId: 'missing',
      title: 'Title of missing',
      state: 'failed',
      code: 'HTTP_STATUS',
      reason: 'Could not download the video: the server answered 404',
      retryable: false,
      httpStatus: 404,
      host,
      tries: 1,
      nextTryAt: null,
    });
    expect(broken).toMatchObject({
      state: 'pending',
      code: 'HTTP_STATUS',
      reason: 'Could not download the video: the server answered 500',
      retryable: true,
      tries: 1,
      nextTryAt: expect.stringMatching(ISO_TIME),
    });
    expect(Date.parse(broken?.nextTryAt ?? '')).toBeGreaterThan(before);
    expect(hanging).toMatchObject({ reason: null, tries: 0, ...NOTHING_WRONG });
    for (const item of [gone, broken, hanging]) expect(item).not.toHaveProperty('video');
  });

  it.each([
    ['skipped', 'known'],
    ['success', 'new'],
    ['failed', 'missing'],
    ['pending', 'broken'],
    ['running', 'hanging'],
  ])('can be filtered by state: %s', async (state, externalId) => {
    expect((await items(`?state=${state}`)).map((item) => item.externalId)).toEqual([externalId]);
  });

  it('are counted in the import', async () => {
    expect(await get<ShownImport>(partner.api, `/${importId}`)).toEqual({
      id: importId,
      kind: 'videos',
      systemName: 'mixed',
      state: 'started',
      mode: 'run',
      createdBy: { id: expect.stringMatching(/^[0-9a-f-]{36}$/), name: expect.any(String) },
      progress: { total: 5, success: 1, skipped: 1, failed: 1, pending: 2 },
      createdAt: expect.stringMatching(ISO_TIME),
      startedAt: expect.stringMatching(ISO_TIME),
      notBefore: null,
      priority: 'normal',
      finishedAt: null,
    });
  });

  it('are cancelled only if they have not finished', async () => {
    const { status, body } = await partner.api.call('POST', `/api/v1/imports/${importId}/cancel`);
    expect({ status, body }).toEqual({ status: 200, body: { id: importId, cancelled: 2 } });
    const ended = (await items()).map(({ state, code }) => [state, code]);
    expect(ended).toEqual([
      ['skipped', null],
      ['success', null],
      ['failed', 'HTTP_STATUS'],
      ['failed', 'CANCELLED'],
      ['failed', 'CANCELLED'],
    ]);
    expect(await get<ShownImport>(partner.api, `/${importId}`)).toMatchObject({
      state: 'success',
      progress: { total: 5, success: 1, skipped: 1, failed: 3, pending: 0 },
      finishedAt: expect.stringMatching(ISO_TIME),
    });
    const { videos } = await partner.api.finished(importId);
    expect(videos.at(-1)).toMatchObject({ code: 'CANCELLED', reason: 'The import was cancelled' });
  });
});

describe('Pagination', () => {
  it('returns each item of an import once, in request order', async () => {
    const { api } = await newPartner(scene.reelport);
    const importId = await api.importVideos('pages', missing(25));
    await api.finished(importId);
    for (const query of ['', '?state=failed']) {
      const pages = await walk<ShownItem>(api, `/${importId}/items${query}`, 7);
      expect(pages.map(({ length }) => length)).toEqual([7, 7, 7, 4]);
      expect(pages.flat().map(({ externalId }) => externalId)).toEqual(missing(25).map(({ id }) => id));
    }
    expect(await walk(api, `/${importId}/items?state=success`, 7)).toEqual([[]]);
  });

  it('returns each import of the project once, newest first', async () => {
    const { api } = await newPartner(scene.reelport);
    const ids: string[] = [];
    for (const system of ['a', 'b', 'a', 'b', 'a']) {
      const path = system === 'a' ? '/good.mp4' : '/missing.mp4';
      ids.unshift(await api.importVideos(system, [entry('v', scene.origin.url(path))]));
    }
    for (const id of ids) await api.finished(id);
    const idsOf = async (query: string) =>
      (await walk<ShownImport>(api, query, 2)).flat().map(({ id }) => id);
    const some = (...places: number[]) => places.map((place) => ids[place]);
    expect(await idsOf('')).toEqual(ids);
    expect(await idsOf('?systemName=a')).toEqual(some(0, 2, 4));
    expect(await idsOf('?state=failed')).toEqual(some(1, 3));
    expect(await idsOf('?state=success&systemName=a')).toEqual(some(0, 2, 4));
    expect(await idsOf('?state=started')).toEqual([]);
  });
});

describe('A wrong request', () => {
  it.each([
    ['?state=done', { state: 'Must be "started", "planned", "success" or "failed"' }],
    ['?limit=501', { limit: 'Must be an integer from 1 to 500' }],
    [
      '/x/items?state=queued',
      { state: 'Must be "pending", "running", "planned", "success", "skipped" or "failed"' },
    ],
    ['/x/items?after=v', { after: 'Must be the cursor of a previous page' }],
    ['?after=nosuchid', { after: 'Must be the cursor of a previous page' }],
    ['/x/report?format=xlsx', { format: 'Must be "csv" or "ndjson"' }],
  ])('is refused: %s', async (path, details) => {
    const { api } = await newPartner(scene.reelport);
    const { status, body } = await api.call('GET', `/api/v1/imports${path}`);
    expect({ status, body }).toEqual({
      status: 400,
      body: { status: 400, error: 'Bad Request', error_details: details },
    });
  });

  it.each([
    ['GET', ''],
    ['GET', '/items'],
    ['GET', '/items/0'],
    ['GET', '/failures'],
    ['GET', '/hosts'],
    ['GET', '/report'],
    ['GET', '/request'],
    ['POST', '/retry'],
    ['POST', '/cancel'],
  ])('gets a 404 for an unknown import: %s %s', async (method, rest) => {
    const { api } = await newPartner(scene.reelport);
    const { status, body } = await api.call(method, `/api/v1/imports/nosuchid${rest}`);
    expect({ status, body }).toEqual({
      status: 404,
      body: { status: 404, error: 'Not Found', error_details: { id: 'No import has this id' } },
    });
  });
});
