import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { validator, type OpenApi } from '../contract/openapi.reading.js';
import { startReceiver, type Delivery, type Receiver } from '../support/receiver.js';
import { entry, newMp4, newPartner, openScene, type Partner, type Scene } from './scene.js';

const COUNT = 130;

interface Message {
  type: string;
  id: string;
  items?: Array<{ externalId: string; state: string; code?: string; video?: object }>;
  context?: object;
  overview?: object;
}

let scene: Scene;
let partner: Partner;
let receiver: Receiver;

beforeAll(async () => {
  scene = await openScene({
    LEASE_MS: '2s',
    RETRY_SCHEDULE: '10ms',
    WEBHOOK_SCHEDULE: '0s,100ms,100ms,100ms,1s,1s,1s',
  });
  partner = await newPartner(scene.reelport);
  receiver = await startReceiver({ secret: partner.project.webhookSecret });
  scene.origin.serve('/many/*', () => newMp4());
  scene.origin.script('/gone.mp4', [{ status: 404 }]);
});

afterAll(async () => {
  await scene?.close();
  await receiver?.close();
});

/** Deliveries of an import, each once. */
function messagesOf(importId: string): Message[] {
  const byId = new Map<string, Delivery>();
  for (const delivery of receiver.deliveries) byId.set(String(delivery.headers['webhook-id']), delivery);
  return [...byId.values()]
    .map((delivery): Message => {
      receiver.verify(delivery);
      return JSON.parse(delivery.raw);
    })
    .filter(({ id }) => id === importId);
}

function itemsOf(importId: string): string[] {
  return messagesOf(importId).flatMap(({ items = [] }) => items.map(({ externalId }) => externalId));
}

const document: OpenApi = JSON.parse(readFileSync('test/contract/openapi.json', 'utf8'));
const validate = validator(document);

/** Differences between a message and its documentation. */
function faultsOf(message: Message): unknown[] {
  const documented = document.webhooks[message.type]?.post.requestBody?.content?.['application/json']?.schema;
  return documented === undefined ? [`${message.type} is not documented`] : validate(documented, message);
}

function batch(name: string) {
  return Array.from({ length: COUNT }, (_, index) =>
    entry(`${name}-${index}`, scene.origin.url(index === 0 ? '/gone.mp4' : `/many/${name}-${index}.mp4`)),
  );
}

it('each item is in one delivery, though the processes are killed in between', async () => {
  const { api } = partner;
  const importId = await api.importVideos('killed', batch('killed'), {
    webhook: receiver.url(),
    webhookEvents: ['import.finished', 'items.finished'],
    context: { batch: 17 },
  });
  await receiver.waitForDelivery(({ raw }) => raw.includes('items.finished'));
  await scene.reelport.stop('SIGKILL');
  await scene.reelport.start();
  await receiver.waitForDelivery(({ raw }) => raw.includes('import.finished'));
  await expect.poll(() => itemsOf(importId).length).toBeGreaterThanOrEqual(COUNT);
  const messages = messagesOf(importId);
  expect(itemsOf(importId).toSorted()).toEqual(
    batch('killed')
      .map(({ id }) => id)
      .toSorted(),
  );
  expect(messages.every(({ items }) => items === undefined || items.length <= 100)).toBe(true);
  expect(messages.every(({ context }) => JSON.stringify(context) === '{"batch":17}')).toBe(true);
  const undocumented = messages.map((message) => ({ message, errors: faultsOf(message) }));
  expect(undocumented.filter(({ errors }) => errors.length > 0)).toEqual([]);
  const items = messages.flatMap(({ items: some = [] }) => some);
  const { videos } = await api.finished(importId);
  expect(items.find(({ externalId }) => externalId === 'killed-1')).toEqual({
    externalId: 'killed-1',
    state: 'success',
    size: newMp4().length,
    video: videos[1]?.video,
  });
  expect(items.find(({ externalId }) => externalId === 'killed-0')).toMatchObject({
    state: 'failed',
    code: 'HTTP_STATUS',
  });
  expect(messages.filter(({ type }) => type === 'import.finished')).toEqual([
    expect.objectContaining({ overview: { total: COUNT, success: COUNT - 1, skipped: 0, failed: 1 } }),
  ]);
});

it('an item that finishes again is in another delivery; without import.finished the end is not told', async () => {
  const { api } = partner;
  const importId = await api.importVideos('again', [entry('again', scene.origin.url('/gone.mp4'))], {
    webhook: receiver.url(),
    webhookEvents: ['items.finished'],
  });
  await expect.poll(() => itemsOf(importId)).toEqual(['again']);
  await api.finished(importId);
  await api.call('POST', `/api/v1/imports/${importId}/retry`);
  await expect.poll(() => itemsOf(importId)).toEqual(['again', 'again']);
  const { body } = await api.call<{ results: Array<{ type: string; state: string }> }>(
    'GET',
    `/api/v1/webhooks/deliveries?importId=${importId}`,
  );
  expect(body.results.map(({ type }) => type)).toEqual(['items.finished', 'items.finished']);
});

it('webhookEvents are checked', async () => {
  const { api } = partner;
  const videos = [entry('a', scene.origin.url('/gone.mp4'))];
  const refused = async (more: object): Promise<unknown> => {
    const { status, body } = await api.call<{ error_details: object }>('POST', '/api/v1/import/videos', {
      body: { systemName: 's', videos, ...more },
    });
    return [status, body.error_details];
  };
  const sentence = 'Must be a list of different values out of "import.finished" and "items.finished"';
  for (const webhookEvents of [[], ['x'], 'items.finished', ['items.finished', 'items.finished'], null])
    expect(await refused({ webhook: receiver.url(), webhookEvents })).toEqual([
      400,
      { webhookEvents: sentence },
    ]);
  expect(await refused({ webhookEvents: ['items.finished'] })).toEqual([
    400,
    { webhookEvents: 'Needs a webhook that receives the events' },
  ]);
});
