import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operationsOf, type OpenApi } from '../contract/openapi.reading.js';
import { ApiClient } from '../support/api.js';
import { newDeadLetter } from '../support/dead-letter.js';
import { startOrigin, type Origin } from '../support/origin.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { startReelport, type Reelport } from '../support/reelport.js';
import { ID_IN_QUERY, NEVER_EXISTED, PLACES, TAKES_AN_ID, type Belongings } from './isolation.table.js';

const ALL = ['public-api:write', 'public-api:read', 'public-api:admin'] as const;

const NOT_FOUND = {
  status: 404,
  body: { status: 404, error: 'Not Found', error_details: { id: expect.any(String) } },
};
const NOTHING = { status: 200, body: { results: [] } };
const NO_CURSOR = { status: 400, body: { status: 400, error_details: { after: expect.any(String) } } };

interface Page {
  results: Array<Record<string, unknown> & { id: string }>;
}

let reelport: Reelport;
let origin: Origin;
let receiver: Receiver;
let owner: ApiClient;
let stranger: ApiClient;
let belongings: Belongings;

beforeAll(async () => {
  origin = await startOrigin();
  receiver = await startReceiver();
  reelport = await startReelport();
  origin.serve('/a.mp4', 'test/fixtures/h264-faststart.mp4');
  origin.script('/hangs.mp4', [{ hang: 'headers' }]);
  owner = new ApiClient(reelport.url, await reelport.createToken(await reelport.createProject(), ALL));
  stranger = new ApiClient(reelport.url, await reelport.createToken(await reelport.createProject(), ALL));
  belongings = await acquire(owner);
});

afterAll(async () => {
  await reelport?.remove();
  await receiver?.close();
  await origin?.close();
});

/** Creates two imports with webhooks, and spare tokens. */
async function acquire(api: ApiClient): Promise<Belongings> {
  for (const ids of [['removed', 'also removed', 'first'], ['second']]) {
    const videos = ids.map((id) => ({ url: origin.url('/a.mp4'), id, fileName: 'a', metadata: {} }));
    await api.finished(await api.importVideos('archive', videos, { webhook: receiver.url() }));
  }
  await receiver.waitForDelivery(() => true, { count: 2 });
  const [delivery] = (await api.call<Page>('GET', '/api/v1/webhooks/deliveries')).body.results;
  const [video] = (await api.call<Page>('GET', '/api/v1/videos')).body.results;
  const idOf = async (externalId: string): Promise<string> =>
    (await api.call<Page>('GET', `/api/v1/videos?externalId=${encodeURIComponent(externalId)}`)).body
      .results[0].id;
  const newPlan = async (): Promise<string> => {
    const videos = [{ url: origin.url('/a.mp4'), id: 'planned', fileName: 'a', metadata: {} }];
    const body = { systemName: 'archive', videos };
    const { id } = (await api.call<{ id: string }>('POST', '/api/v1/import/videos?mode=plan', { body })).body;
    await api.finished(id);
    return id;
  };
  const newToken = async () => {
    const body = { name: 'to spare', scopes: ['public-api:read'] };
    return (await api.call<{ id: string }>('POST', '/api/v1/auth/tokens', { body })).body.id;
  };
  return {
    importId: String(delivery['importId']),
    importInFlight: await api.importVideos('archive', [
      { url: origin.url('/hangs.mp4'), id: 'hangs', fileName: 'a', metadata: {} },
    ]),
    planId: await newPlan(),
    mediaId: video.id,
    videoToRemove: await idOf('removed'),
    mediumToRemove: await idOf('also removed'),
    deliveryId: delivery.id,
    // No listener is installed, so no worker changes it.
    deadLetterId: await newDeadLetter(reelport.database.dataSource, String(delivery['importId'])),
    externalId: 'first',
    tokenToRevoke: await newToken(),
    tokenToRotate: await newToken(),
  };
}

/** Every parameter of the OpenAPI document that is an id. */
function parametersThatAreIds(): string[] {
  const document: OpenApi = JSON.parse(readFileSync('test/contract/openapi.json', 'utf8'));
  return operationsOf(document).flatMap(({ name, operation: { parameters = [] } }) =>
    parameters
      .filter(
        (parameter) =>
          parameter.in === 'path' || (parameter.in === 'query' && ID_IN_QUERY.test(parameter.name)),
      )
      .map((parameter) => `${name} → ${parameter.name}`),
  );
}

/** The expected answer for an unknown id: a 404, a refused cursor, or an empty list. */
function nothingAt(row: string): object {
  if (row.endsWith('→ after')) return NO_CURSOR;
  return row.includes('{') || row.endsWith('→ id') ? NOT_FOUND : NOTHING;
}

async function ask(api: ApiClient, row: string, id: string) {
  const [method = '', path = '', , parameter = ''] = row.split(' ');
  const filled = path.includes(`{${parameter}}`)
    ? path.replace(`{${parameter}}`, encodeURIComponent(id))
    : `${path}?${parameter}=${encodeURIComponent(id)}`;
  const { status, body, headers } = await api.call(method, filled.replace('{position}', '0'));
  const said = [...headers].filter(([name]) => name !== 'date');
  return { status, body, headers: Object.fromEntries(said) };
}

it('the table contains exactly the parameters that are ids', () => {
  expect([...Object.keys(TAKES_AN_ID), ...PLACES].sort()).toEqual(parametersThatAreIds().sort());
});

describe.each(Object.entries(TAKES_AN_ID))('%s', (row, what) => {
  it('answers the same for an id of another project and for an unknown id', async () => {
    const theirs = await ask(stranger, row, belongings[what]);
    expect(theirs).toEqual(await ask(stranger, row, NEVER_EXISTED[what]));
    expect(theirs).toMatchObject(nothingAt(row));
  });

  it('gives its owner another answer, even after the attempt of the other project', async () => {
    const { status, body } = await ask(owner, row, belongings[what]);
    expect(status).toBeGreaterThanOrEqual(200);
    expect(status).toBeLessThan(300);
    const unknown = await ask(owner, row, NEVER_EXISTED[what]);
    expect({ status, body }).not.toEqual({ status: unknown.status, body: unknown.body });
  });
});
