import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startOrigin, type Answer, type Origin } from '../support/origin.js';
import { setMetadataSchema } from '../support/accounts.js';
import {
  entry,
  FIXTURES,
  newMp4,
  newPartner,
  openScene,
  videosOf,
  type Partner,
  type Scene,
} from './scene.js';

const SYSTEM = 'planned';
const MAX_BYTES = 2 * 1024 * 1024;

interface Prediction {
  action: 'create' | 'update' | 'skip' | 'fail';
  code?: string;
  bytes?: number;
  mimeType?: string;
}

interface Item {
  externalId: string;
  state: string;
  code: string | null;
  prediction?: Prediction;
  video?: Record<string, unknown>;
}

interface ShownImport {
  state: string;
  mode: string;
  progress: Record<string, number>;
  plan?: {
    finished: boolean;
    expiresAt: string | null;
    appliedAt: string | null;
    totals: Record<string, number>;
    bytes: number;
    estimatedSeconds: number | null;
    drift: number;
    outcomes: object[];
  };
}

let scene: Scene;
let busy: Origin;

beforeAll(async () => {
  [scene, busy] = await Promise.all([
    openScene({
      RETRY_SCHEDULE: '10ms',
      HOST_RETRY_SCHEDULE: '10ms',
      MAX_VIDEO_BYTES: `${MAX_BYTES}`,
      LEASE_MS: '1s',
    }),
    startOrigin({ host: '127.0.0.2' }),
  ]);
});
afterAll(async () => {
  await scene?.close();
  await busy?.close();
});

const fixture = (name: string): Buffer => readFileSync(join(FIXTURES, name));

/** A box that players skip. */
function padding(bytes: number): Buffer {
  const box = Buffer.alloc(bytes);
  box.writeUInt32BE(bytes);
  box.write('free', 4, 'latin1');
  return box;
}

const largeMp4 = (): Buffer => Buffer.concat([newMp4(), padding(400 * 1024)]);

async function post({ api }: Partner, query: string, videos: object[], key?: string) {
  return api.call<{ id: string }>('POST', `/api/v1/import/videos${query}`, {
    body: { systemName: SYSTEM, videos },
    ...(key !== undefined && { headers: { 'idempotency-key': key } }),
  });
}

/** Posts a plan and waits until it is complete. */
async function plan(partner: Partner, videos: object[]): Promise<string> {
  const { body } = await post(partner, '?mode=plan', videos);
  await partner.api.finished(body.id);
  return body.id;
}

async function itemsOf({ api }: Partner, id: string, query = ''): Promise<Item[]> {
  const { body } = await api.call<{ results: Item[] }>(
    'GET',
    `/api/v1/imports/${id}/items?limit=500${query}`,
  );
  return body.results;
}

async function importOf({ api }: Partner, id: string): Promise<ShownImport> {
  return (await api.call<ShownImport>('GET', `/api/v1/imports/${id}`)).body;
}

function act({ api }: Partner, id: string, verb: 'apply' | 'cancel' | 'retry', key?: string) {
  return api.call('POST', `/api/v1/imports/${id}/${verb}`, {
    ...(key !== undefined && { headers: { 'idempotency-key': key } }),
  });
}

/** What a plan must predict, by the path of the file. */
interface Case {
  /** Given once before the plan, so that the library knows the file. */
  before?: Answer;
  answers: Answer[];
  expected: Prediction;
  more?: object;
  /** Requests of the plan; 1 by default. */
  requests?: number;
  onBusyHost?: boolean;
}

const unchanged = newMp4();
const unchangedLarge = largeMp4();
const retitled = newMp4();
const created = newMp4();
const createdLarge = largeMp4();
const withoutRanges = largeMp4();
const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(400 * 1024, 7)]);
const fails = (code: string): Prediction => ({ action: 'fail', code });
const mp4 = (bytes: Buffer) => ({ bytes: bytes.length, mimeType: 'video/mp4' });

const CASES: Record<string, Case> = {
  new: { answers: [{ body: created }], expected: { action: 'create', ...mp4(created) } },
  'new-large': { answers: [{ body: createdLarge }], expected: { action: 'create', ...mp4(createdLarge) } },
  'new-without-ranges': {
    answers: [{ body: withoutRanges, ranges: false }],
    expected: { action: 'create', ...mp4(withoutRanges) },
  },
  changed: {
    before: { body: newMp4() },
    answers: [{ body: created }],
    expected: { action: 'update', ...mp4(created) },
  },
  retitled: {
    before: { body: retitled },
    answers: [{ body: retitled }],
    more: { fileName: 'Another title' },
    expected: { action: 'update', ...mp4(retitled) },
  },
  'unchanged-by-etag': {
    before: { body: unchanged },
    answers: [{ body: unchanged }],
    expected: { action: 'skip', ...mp4(unchanged) },
  },
  'unchanged-by-hash': {
    before: { body: unchanged, etag: false },
    answers: [{ body: unchanged, etag: false }],
    expected: { action: 'skip', ...mp4(unchanged) },
  },
  'unchanged-by-beginning': {
    before: { body: unchangedLarge, etag: false },
    answers: [{ body: unchangedLarge, etag: false }],
    expected: { action: 'skip', ...mp4(unchangedLarge) },
  },
  missing: { answers: [{ status: 404 }], expected: fails('HTTP_STATUS') },
  encoded: {
    answers: [{ body: gzipSync(created), headers: { 'content-encoding': 'gzip' } }],
    expected: fails('HTTP_STATUS'),
  },
  'too-large': { answers: [{ body: Buffer.alloc(MAX_BYTES + 1) }], expected: fails('TOO_LARGE') },
  empty: { answers: [{ body: Buffer.alloc(0) }], expected: fails('EMPTY') },
  text: { answers: [{ body: Buffer.from('No video') }], expected: fails('NOT_A_VIDEO') },
  'large-image': { answers: [{ body: png }], expected: fails('NOT_A_VIDEO') },
  corrupt: { answers: [{ body: fixture('cut-in-moov.mp4') }], expected: fails('NOT_A_VIDEO') },
  cut: { answers: [{ body: created, cutAfterBytes: 100 }], expected: fails('TRUNCATED') },
  'wrong-size': {
    answers: [{ body: createdLarge }],
    more: { size: 7 },
    expected: fails('CHECKSUM_MISMATCH'),
  },
  'wrong-hash': {
    answers: [{ body: created }],
    more: { sha256: createHash('sha256').update('other').digest('hex') },
    expected: fails('CHECKSUM_MISMATCH'),
  },
  'wrong-metadata': {
    answers: [{ body: created }],
    more: { metadata: { credit: 7 } },
    expected: fails('METADATA_INVALID'),
    requests: 0,
  },
  blocked: {
    answers: [],
    more: { url: 'http://10.1.2.3/a.mp4' },
    expected: fails('URL_BLOCKED'),
    requests: 0,
  },
  reset: { answers: [{ reset: true }], expected: fails('CONNECTION_FAILED'), onBusyHost: true },
  unavailable: { answers: [{ status: 503 }], expected: fails('HTTP_STATUS'), onBusyHost: true },
};

const pathOf = (name: string): string => `/${name}.mp4`;
const hostOf = ({ onBusyHost }: Case): Origin => (onBusyHost === true ? busy : scene.origin);

/** Requests for the file of a case since the plan began. */
const requests = (name: string): number =>
  hostOf(CASES[name]).requestsTo(pathOf(name)).length - (CASES[name].before === undefined ? 0 : 1);

describe('a plan with every kind of outcome', () => {
  let partner: Partner;
  let id: string;
  let library: unknown;

  beforeAll(async () => {
    partner = await newPartner(scene.reelport);
    await setMetadataSchema(scene.reelport.database.dataSource, partner.project.id, {
      type: 'object',
      properties: { credit: { type: 'string' } },
    });
    const known = Object.entries(CASES).filter(([, { before }]) => before !== undefined);
    for (const [name, { before }] of known) scene.origin.script(pathOf(name), [before ?? {}]);
    await partner.api.finished(
      await partner.api.importVideos(
        SYSTEM,
        known.map(([name]) => entry(name, scene.origin.url(pathOf(name)))),
      ),
    );
    for (const [name, one] of Object.entries(CASES)) hostOf(one).script(pathOf(name), one.answers);
    library = await videosOf(partner.api, SYSTEM);
  });

  it('predicts each of them with one request, and stores nothing', async () => {
    const videos = Object.entries(CASES).map(([name, one]) => ({
      ...entry(name, hostOf(one).url(pathOf(name))),
      ...one.more,
    }));
    id = await plan(partner, videos);
    const predicted = (await itemsOf(partner, id)).map(({ externalId, prediction }) => [
      externalId,
      prediction,
    ]);
    expect(predicted).toEqual(
      Object.entries(CASES).map(([name, { expected }]) => [name, expect.objectContaining(expected)]),
    );
    expect(Object.keys(CASES).map((name) => [name, requests(name)])).toEqual(
      Object.entries(CASES).map(([name, one]) => [name, one.requests ?? 1]),
    );
    expect(await videosOf(partner.api, SYSTEM)).toEqual(library);
    expect(await readdir(join(scene.reelport.dataDir, 'incoming'))).toEqual([]);
  });

  it('sums them up', async () => {
    const actions = Object.values(CASES).map(({ expected }) => expected.action);
    const count = (wanted: string): number => actions.filter((action) => action === wanted).length;
    expect(await importOf(partner, id)).toMatchObject({
      state: 'planned',
      mode: 'plan',
      progress: {
        total: actions.length,
        success: 0,
        skipped: 0,
        failed: 0,
        pending: 0,
        planned: actions.length,
      },
      plan: {
        finished: true,
        expiresAt: expect.stringMatching(/Z$/),
        appliedAt: null,
        totals: {
          create: count('create'),
          update: count('update'),
          skip: count('skip'),
          fail: count('fail'),
        },
        bytes: created.length * 2 + createdLarge.length + withoutRanges.length + retitled.length,
        estimatedSeconds: expect.any(Number),
        drift: 0,
      },
    });
    const { body } = await partner.api.status(id);
    expect(body).toMatchObject({
      finished: true,
      state: 'planned',
      overview: { total: actions.length, success: 0, skipped: 0, failed: 0, planned: actions.length },
    });
    const listed = async (state: string): Promise<string[]> => {
      const path = `/api/v1/imports?state=${state}`;
      const page = await partner.api.call<{ results: Array<{ id: string }> }>('GET', path);
      return page.body.results.map((row) => row.id);
    };
    expect(await listed('planned')).toEqual([id]);
    expect(await listed('started')).toEqual([]);
  });

  it('is applied once, and every outcome equals its prediction', async () => {
    expect(await act(partner, id, 'retry')).toMatchObject({ status: 409 });
    expect(await act(partner, id, 'apply', 'once')).toMatchObject({ status: 200, body: { id } });
    expect(await act(partner, id, 'apply', 'once')).toMatchObject({ status: 200, body: { id } });
    expect(await act(partner, id, 'apply')).toMatchObject({ status: 409 });
    await partner.api.finished(id);
    const outcomes = (await itemsOf(partner, id)).map(({ externalId, state, code, prediction }) => ({
      externalId,
      action: prediction?.action,
      predictedCode: prediction?.code ?? null,
      state,
      code,
    }));
    const states = { create: 'success', update: 'success', skip: 'skipped', fail: 'failed' };
    expect(outcomes).toEqual(
      Object.entries(CASES).map(
        ([
          externalId,
          {
            expected: { action, code = null },
          },
        ]) => ({
          externalId,
          action,
          predictedCode: code,
          state: states[action],
          code,
        }),
      ),
    );
    expect(await importOf(partner, id)).toMatchObject({
      state: 'success',
      mode: 'plan',
      plan: { finished: true, expiresAt: null, appliedAt: expect.any(String), drift: 0 },
    });
  });

  it('is compared in the report', async () => {
    const { body } = await partner.api.call<string>('GET', `/api/v1/imports/${id}/report`);
    const [head, first] = body.split('\r\n');
    expect(head).toMatch(/^externalId,state,code,reason,.*,predicted,predictedCode$/);
    expect(first).toMatch(/^new,success,.*,create,$/);
  });
});

describe('a plan', () => {
  it('counts items whose source changed before it was applied', async () => {
    const partner = await newPartner(scene.reelport);
    scene.origin.script('/drift/gone.mp4', [{ body: newMp4() }, { status: 404 }]);
    scene.origin.script('/drift/kept.mp4', [{ body: newMp4() }]);
    const id = await plan(partner, [
      entry('gone', scene.origin.url('/drift/gone.mp4')),
      entry('kept', scene.origin.url('/drift/kept.mp4')),
    ]);
    await act(partner, id, 'apply');
    await partner.api.finished(id);
    expect(await importOf(partner, id)).toMatchObject({
      plan: {
        totals: { create: 2 },
        drift: 1,
        outcomes: [
          { predicted: 'create', actual: 'create', items: 1, drift: 0 },
          { predicted: 'create', actual: 'fail', items: 1, drift: 1 },
        ],
      },
    });
    const idsOf = async (query: string): Promise<string[]> =>
      (await itemsOf(partner, id, query)).map(({ externalId }) => externalId);
    expect(await idsOf('&drift=true')).toEqual(['gone']);
    expect(await idsOf('&drift=false')).toEqual(['kept']);
    expect(await idsOf('&predicted=create')).toEqual(['gone', 'kept']);
    expect(await idsOf('&predicted=skip')).toEqual([]);
  });

  it('that is applied wins over imports that were accepted after it', async () => {
    const partner = await newPartner(scene.reelport);
    const [older, newer] = [newMp4(), newMp4()];
    scene.origin.serve('/late/planned.mp4', older);
    scene.origin.serve('/late/run.mp4', newer);
    const id = await plan(partner, [entry('one', scene.origin.url('/late/planned.mp4'))]);
    await partner.api.finished(
      await partner.api.importVideos(SYSTEM, [entry('one', scene.origin.url('/late/run.mp4'))]),
    );
    await act(partner, id, 'apply');
    const { videos } = await partner.api.finished(id);
    expect(videos[0].state).toBe('success');
    const [video] = await videosOf(partner.api, SYSTEM);
    expect(video.asset.sha256).toBe(createHash('sha256').update(older).digest('hex'));
  });

  it('brings a removed medium back as an update, during its grace period and after it', async () => {
    const partner = await newPartner(scene.reelport);
    const videos = ['kept', 'over'].map((id) => {
      scene.origin.serve(`/removed/${id}.mp4`, newMp4(), { etag: `"${id}"` });
      return entry(id, scene.origin.url(`/removed/${id}.mp4`));
    });
    await partner.api.finished(await partner.api.importVideos(SYSTEM, videos));
    for (const { id } of await videosOf(partner.api, SYSTEM)) {
      expect(await partner.api.call('DELETE', `/api/v1/videos/${id}`)).toMatchObject({ status: 204 });
    }
    // What the removal of orphans leaves of a medium.
    await scene.reelport.database.dataSource.query(
      `UPDATE media SET asset_id = NULL WHERE external_id = 'over' AND project_id = $1`,
      [partner.project.id],
    );
    const id = await plan(partner, videos);
    const actions = (await itemsOf(partner, id)).map(({ prediction }) => prediction?.action);
    expect(actions).toEqual(['update', 'update']);
    await act(partner, id, 'apply');
    await partner.api.finished(id);
    expect(await importOf(partner, id)).toMatchObject({ progress: { success: 2 }, plan: { drift: 0 } });
  });

  it('can be cancelled, and not applied afterwards', async () => {
    const partner = await newPartner(scene.reelport);
    scene.origin.serve('/cancelled.mp4', newMp4());
    const id = await plan(partner, [entry('one', scene.origin.url('/cancelled.mp4'))]);
    expect(await act(partner, id, 'cancel')).toMatchObject({ status: 200, body: { cancelled: 1 } });
    expect(await itemsOf(partner, id)).toMatchObject([{ state: 'failed', code: 'CANCELLED' }]);
    expect(await act(partner, id, 'apply')).toMatchObject({ status: 409 });
    expect(await act(partner, id, 'retry')).toMatchObject({ status: 409 });
  });

  it('belongs to its project, and to the mode of its idempotency key', async () => {
    const [partner, other] = [await newPartner(scene.reelport), await newPartner(scene.reelport)];
    scene.origin.serve('/own.mp4', newMp4());
    const videos = [entry('one', scene.origin.url('/own.mp4'))];
    const { body } = await post(partner, '?mode=plan', videos, 'key');
    expect(await post(partner, '?mode=plan', videos, 'key')).toMatchObject({ status: 200, body });
    expect(await post(partner, '', videos, 'key')).toMatchObject({ status: 422 });
    expect(await post(partner, '?mode=dry', videos)).toMatchObject({ status: 400 });
    await partner.api.finished(body.id);
    expect(await act(other, body.id, 'apply')).toMatchObject({ status: 404 });
    expect(await importOf(partner, body.id)).toMatchObject({ state: 'planned', plan: { drift: 0 } });
  });

  it('loses no item when the worker is killed', async () => {
    const partner = await newPartner(scene.reelport);
    scene.origin.script('/killed/0.mp4', [{ body: newMp4(), hang: 'headers' }, { body: newMp4() }]);
    scene.origin.serve('/killed/*', newMp4());
    const videos = Array.from({ length: 20 }, (_, n) => entry(`v${n}`, scene.origin.url(`/killed/${n}.mp4`)));
    const { body } = await post(partner, '?mode=plan', videos);
    await scene.origin.waitForRequest('/killed/0.mp4');
    await scene.reelport.stop('SIGKILL');
    scene.origin.release();
    await scene.reelport.start();
    await partner.api.finished(body.id);
    const actions = (await itemsOf(partner, body.id)).map(({ prediction }) => prediction?.action);
    expect(actions).toEqual(videos.map(() => 'create'));
  });

  it('waits for the `notBefore` of its batch', async () => {
    const partner = await newPartner(scene.reelport);
    scene.origin.serve('/later.mp4', newMp4());
    const { body } = await partner.api.call<{ id: string }>('POST', '/api/v1/import/videos?mode=plan', {
      body: {
        systemName: SYSTEM,
        notBefore: new Date(Date.now() + 3_600_000).toISOString(),
        videos: [entry('one', scene.origin.url('/later.mp4'))],
      },
    });
    expect(await act(partner, body.id, 'apply')).toMatchObject({ status: 409 });
    expect(await partner.api.call('GET', `/api/v1/imports/${body.id}/items/0`)).toMatchObject({
      body: { waiting: [{ reason: 'not_before' }] },
    });
    expect(scene.origin.requestsTo('/later.mp4')).toEqual([]);
  });

  it('that is not applied in time fails with PLAN_EXPIRED', async () => {
    const partner = await newPartner(scene.reelport);
    scene.origin.serve('/expired.mp4', newMp4());
    const id = await plan(partner, [entry('one', scene.origin.url('/expired.mp4'))]);
    await scene.reelport.stop();
    await scene.reelport.start({ PLAN_TTL: '1s' });
    await expect
      .poll(() => itemsOf(partner, id))
      .toMatchObject([{ state: 'failed', code: 'PLAN_EXPIRED', prediction: { action: 'create' } }]);
    expect(await act(partner, id, 'apply')).toMatchObject({ status: 409 });
    expect(await act(partner, id, 'retry')).toMatchObject({ status: 409 });
    expect(scene.origin.requestsTo('/expired.mp4')).toHaveLength(1);
  });
});
