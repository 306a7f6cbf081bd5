import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { roundedFingerprintOf } from '../../src/imports/accept/fingerprint.js';
import { setMetadataSchema } from '../support/accounts.js';
import { startReceiver } from '../support/receiver.js';
import { newMp4, newPartner, openScene, type Partner, type Scene } from './scene.js';

let scene: Scene;

beforeAll(async () => {
  scene = await openScene();
  scene.origin.serve('/exact/*', newMp4());
});

afterAll(() => scene?.close());

/** Numbers whose value or spelling changes on the way through a double. */
const NUMBERS = [
  '12345678901234567890',
  '-9007199254740993',
  '0.1234567890123456789',
  '1234567.8901234567890123456789',
  '1e400',
  '-1E-400',
  '1E5',
  '1e21',
  '-0',
  '-0.0',
  '1.0',
  '1.10',
  '100000000000000000000000000000000000000001e-20',
];

/** Members out of order, escapes and white space: all things that a JSON library would write differently. */
const OBJECT = `{"z": [${NUMBERS.join(', ')}],\n "b": {"10": 1.50, "9": "1.0 \\u00fc \\/"} , "a":"12345678901234567890"}`;

interface Posted {
  metadata: string;
  head?: string;
  key?: string;
}

/** Posts a batch of one video as text, because JSON.stringify cannot write these numbers. */
async function post({ api }: Partner, { metadata, head = '', key }: Posted) {
  const url = scene.origin.url('/exact/a.mp4');
  const body = `{"systemName":"exact",${head}"videos":[{"fileName":"A","metadata":${metadata},"id":"a","url":"${url}"}]}`;
  return api.call<{ id: string; error_details?: object }>('POST', '/api/v1/import/videos', {
    body,
    ...(key !== undefined && { headers: { 'idempotency-key': key } }),
  });
}

async function run(partner: Partner, metadata: string) {
  const { status, body } = await post(partner, { metadata });
  expect({ status, body }).toEqual({ status: 200, body: { id: expect.any(String) } });
  const { videos } = await partner.api.finished(body.id);
  return videos[0];
}

/** The unparsed answer: parsing would lose the digits under test. */
async function textAt({ reelport }: Scene, { project }: Partner, path: string): Promise<string> {
  const token = await reelport.createToken(project);
  const response = await fetch(`${reelport.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  return response.text();
}

/** The only video of the library, read from the list and by its id. */
async function shownVideo(partner: Partner): Promise<{ text: string; version: number }> {
  const list = await textAt(scene, partner, '/api/v1/videos');
  const { results }: { results: Array<{ id: string; version: number }> } = JSON.parse(list);
  const [video] = results;
  const text = await textAt(scene, partner, `/api/v1/videos/${video?.id}`);
  expect(list).toBe(`{"results":[${text}]}`);
  return { text, version: video?.version ?? 0 };
}

describe('Numbers that a double cannot hold or respells', () => {
  it('return in the webhook byte for byte', async () => {
    const partner = await newPartner(scene.reelport);
    const receiver = await startReceiver({ secret: partner.project.webhookSecret });
    const head = `"webhook":"${receiver.url('/hook')}","context": ${OBJECT},`;

    const { body } = await post(partner, { metadata: '{}', head });
    await partner.api.finished(body.id);
    const delivery = await receiver.waitForDelivery();

    receiver.verify(delivery);
    expect(delivery.raw.endsWith(`,"context":${OBJECT}}`)).toBe(true);
    await receiver.close();
  });

  it.each([
    ['behind the videos', (videos: string, context: string) => `${videos},${context}`],
    ['before the videos', (videos: string, context: string) => `${context},${videos}`],
  ])('do not affect a context without such numbers that stands %s', async (_, order) => {
    const partner = await newPartner(scene.reelport);
    const receiver = await startReceiver({ secret: partner.project.webhookSecret });
    const context = '{"2":"\\u00fc","1" : [ ]}';
    const videos = `"videos":[{"fileName":"A","metadata":{"context":{}},"id":"a","url":"${scene.origin.url('/exact/a.mp4')}"}]`;
    const members = order(videos, `"con\\u0074ext" :${context}\n`);
    const body = `{"systemName":"exact","webhook":"${receiver.url('/hook')}",${members}}`;

    expect((await partner.api.call('POST', '/api/v1/import/videos', { body })).status).toBe(200);

    expect((await receiver.waitForDelivery()).raw.endsWith(`,"context":${context}}`)).toBe(true);
    await receiver.close();
  });

  it('return from the library byte for byte', async () => {
    const partner = await newPartner(scene.reelport);
    expect(await run(partner, OBJECT)).toMatchObject({ state: 'success' });
    const { text } = await shownVideo(partner);
    expect(text).toContain(`,"metadata":${OBJECT},`);
  });

  it.each([
    ['integer', '12345678901234567890', '12345678901234567891'],
    ['integer that a double spells so', '12345678901234567000', '12345678901234567001'],
    ['decimal', '0.1234567890123456789', '0.1234567890123456788'],
    ['number beyond the range of doubles', '1e400', '1e401'],
    ['number too small for a double', '1e-400', '1e-401'],
  ])('change a video: another %s', async (_, before, after) => {
    const partner = await newPartner(scene.reelport);
    expect(await run(partner, `{"id":${before}}`)).toMatchObject({ state: 'success' });
    expect(await run(partner, `{"id":${before}}`)).toMatchObject({ state: 'skipped' });

    expect(await run(partner, `{"id":${after}}`)).toMatchObject({ state: 'success' });

    const { text, version } = await shownVideo(partner);
    expect(version).toBe(2);
    expect(text).toContain(`"metadata":{"id":${after}}`);
    expect(await run(partner, `{"id":${after}}`)).toMatchObject({
      state: 'skipped',
      reason: 'already exists',
    });
  });

  it('do not change a video if all values stay equal, but their new spelling is shown', async () => {
    const partner = await newPartner(scene.reelport);
    await run(partner, '{"a":1,"b":[1.10,100000000000000000000]}');

    for (const same of ['{"b":[1.1,1E20],"a":1.0}', '{ "a":1e0,"b":[11e-1,100000000000000000000.0] }']) {
      expect(await run(partner, same)).toMatchObject({ state: 'skipped', reason: 'already exists' });
      const { text, version } = await shownVideo(partner);
      expect(version).toBe(1);
      expect(text).toContain(`"metadata":${same},`);
    }
  });

  it('are part of the body that an idempotency key stands for', async () => {
    const partner = await newPartner(scene.reelport);
    const metadata = '{"id":12345678901234567890,"share":1.10}';
    const head = '"context":{"run":98765432109876543210},';
    const first = await post(partner, { metadata, head, key: 'k' });

    const again = await post(partner, { metadata, head, key: 'k' });
    const respelt = { metadata: '{ "share":1.1,"id":12345678901234567890.0}', head, key: 'k' };
    const same = await post(partner, respelt);
    const otherVideo = { metadata: '{"id":12345678901234567891,"share":1.10}', head, key: 'k' };
    const otherRun = { metadata, head: '"context":{"run":98765432109876543211},', key: 'k' };

    expect(first.status).toBe(200);
    expect([again.body, same.body]).toEqual([first.body, first.body]);
    for (const other of [otherVideo, otherRun]) {
      const { status, body } = await post(partner, other);
      expect([status, body.error_details]).toEqual([
        422,
        { 'Idempotency-Key': 'Idempotency key was already used with a different body' },
      ]);
    }
  });

  it('keep idempotency keys of the previous release valid, which compared doubles', async () => {
    const partner = await newPartner(scene.reelport);
    const metadata = '{"id":12345678901234567890}';
    const first = await post(partner, { metadata, key: 'k' });
    const url = scene.origin.url('/exact/a.mp4');
    const former = await roundedFingerprintOf('videos', {
      head: { systemName: 'exact' },
      entries: [{ id: 'a', url, fileName: 'A', metadata: JSON.parse(metadata) as unknown }],
    });
    await scene.reelport.database.dataSource.query(
      'UPDATE idempotency_keys SET body_sha256 = $1 WHERE project_id = $2',
      [former, partner.project.id],
    );

    expect((await post(partner, { metadata, key: 'k' })).body).toEqual(first.body);
    expect((await post(partner, { metadata: '{"id":1}', key: 'k' })).status).toBe(422);
  });

  it('change a video whose digits a previous release lost', async () => {
    const partner = await newPartner(scene.reelport);
    await run(partner, '{"id":12345678901234567000}');

    expect(await run(partner, '{"id":12345678901234567890}')).toMatchObject({ state: 'success' });

    expect((await shownVideo(partner)).text).toContain('"metadata":{"id":12345678901234567890}');
  });

  it('are numbers for the metadata schema, of any size', async () => {
    const partner = await newPartner(scene.reelport);
    const schema = {
      properties: {
        whole: { type: 'integer' },
        any: { type: 'number' },
        small: { maximum: 100 },
        positive: { exclusiveMinimum: 0 },
      },
    };
    await setMetadataSchema(scene.reelport.database.dataSource, partner.project.id, schema);

    for (const good of [
      '{"whole":12345678901234567890,"any":1e400,"small":-1e400,"positive":1e-400}',
      '{"whole":1e400}',
      '{"whole":1.0}',
    ]) {
      expect(await run(partner, good)).toMatchObject({ state: 'success' });
    }
    for (const [bad, fault] of [
      ['{"small":1e400}', 'metadata.small must be <= 100'],
      ['{"positive":-1e-400}', 'metadata.positive must be > 0'],
      ['{"whole":1.50}', 'metadata.whole must be integer'],
      ['{"whole":1e-400}', 'metadata.whole must be integer'],
    ] as const) {
      const item = await run(partner, bad);
      expect(item).toMatchObject({ state: 'failed', code: 'METADATA_INVALID' });
      expect(item['reason']).toContain(fault);
    }
  });

  it.each([
    ['a large exponent', '1e1000'],
    ['a large exponent of a negative number', '-1E+1000'],
    ['a small exponent', '1e-1001'],
    ['an endless exponent', '1e999999999999999999999'],
    ['many digits', `1${'0'.repeat(1000)}`],
    ['many decimals', `0.${'0'.repeat(1000)}1`],
    ['zeros behind', `1.${'0'.repeat(1001)}`],
  ])('are refused beyond 1000 digits: %s', async (_, number) => {
    const partner = await newPartner(scene.reelport);
    const sentence = 'Must not contain numbers with more than 1000 digits before or after the decimal point';
    const { status, body } = await post(partner, {
      metadata: `{"a":[${number}]}`,
      head: `"context":{"a":${number}},`,
    });
    expect([status, body.error_details]).toEqual([400, { context: sentence, 'videos.0.metadata': sentence }]);
  });

  it('count with their full length in the size of an object', async () => {
    const partner = await newPartner(scene.reelport);
    const context = `{"a":[${Array.from({ length: 2_800 }, () => '1.0').join(',')}]}`;
    const { status, body } = await post(partner, { metadata: '{}', head: `"context":${context},` });
    expect([status, body.error_details]).toEqual([
      400,
      { context: `Must be a JSON object of at most 8192 bytes, not ${context.length}` },
    ]);
  });

  it('do not count white space in the size of an object', async () => {
    const partner = await newPartner(scene.reelport);
    const metadata = `{"id": 12345678901234567890, "text": " a \\" b ", ${' '.repeat(70_000)}"c": [ ]}`;
    expect(await run(partner, metadata)).toMatchObject({ state: 'success' });
    const { text } = await shownVideo(partner);
    expect(text).toContain(',"metadata":{"id":12345678901234567890,"text":" a \\" b ","c":[]},');
  });
});
