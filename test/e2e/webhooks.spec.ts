import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { startReceiver, type Delivery, type Receiver } from '../support/receiver.js';
import { entry, newMp4, newPartner, openScene, type Partner, type Scene } from './scene.js';

interface ShownDelivery {
  id: string;
  importId: string;
  url: string;
  state: 'pending' | 'delivered' | 'failed';
  attempts: Array<{
    number: number;
    startedAt: string;
    durationMs: number;
    statusCode: number | null;
    error: string | null;
    response: string | null;
  }>;
  nextAttemptAt: string | null;
  deliveredAt: string | null;
}

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

let scene: Scene;
let receivers: Receiver[] = [];

beforeAll(async () => {
  scene = await openScene({
    WEBHOOK_SCHEDULE: '0s,200ms,400ms',
    WEBHOOK_RESPONSE_BYTES: '64',
    RETRY_SCHEDULE: '100ms',
    HOST_RETRY_SCHEDULE: '50ms',
  });
  scene.origin.serve('/good/*', newMp4());
});

afterEach(async () => {
  await Promise.all(receivers.map((receiver) => receiver.close()));
  receivers = [];
});

afterAll(() => scene?.close());

interface Subscriber extends Partner {
  receiver: Receiver;
  /** Imports a video with a webhook. Returns the id of the import. */
  run: (more?: Record<string, unknown>, path?: string) => Promise<string>;
}

async function subscriber(...answers: Parameters<Receiver['answer']>): Promise<Subscriber> {
  const partner = await newPartner(scene.reelport);
  const receiver = await startReceiver({ secret: partner.project.webhookSecret });
  receivers.push(receiver);
  receiver.answer(...answers);
  const run: Subscriber['run'] = async (more = {}, path = '/good/a.mp4') => {
    const id = await partner.api.importVideos('webhooks', [entry('a', scene.origin.url(path))], {
      webhook: receiver.url('/hook?key=of-the-partner'),
      ...more,
    });
    await partner.api.finished(id);
    return id;
  };
  return { ...partner, receiver, run };
}

async function deliveriesOf({ api }: Partner, importId: string): Promise<ShownDelivery[]> {
  const { status, body } = await api.call<{ results: ShownDelivery[] }>(
    'GET',
    `/api/v1/webhooks/deliveries?importId=${importId}`,
  );
  expect(status).toBe(200);
  return body.results;
}

/** The only delivery of an import, once it has this state and this number of attempts. */
function ended(
  partner: Partner,
  importId: string,
  state: ShownDelivery['state'],
  attempts: number,
): Promise<ShownDelivery> {
  return vi.waitFor(
    async () => {
      const [delivery, ...more] = await deliveriesOf(partner, importId);
      expect(more).toEqual([]);
      expect([delivery?.state, delivery?.attempts.length]).toEqual([state, attempts]);
      return delivery;
    },
    { timeout: 20_000, interval: 50 },
  );
}

function messageOf({ raw }: Delivery): { id: string; timestamp: string } {
  return JSON.parse(raw);
}

const idOf = ({ headers }: Delivery): string => String(headers['webhook-id']);
const timestampOf = ({ headers }: Delivery): number => Number(headers['webhook-timestamp']);

describe('The webhook of a finished import', () => {
  it('is signed, carries the documented body with an unchanged context, and is listed', async () => {
    const partner = await subscriber(204);
    const context = { z: [1, { deep: null }], a: 'ü "quoted" \u2028', number: 1.5 };

    const importId = await partner.run({ context });
    const delivery = await partner.receiver.waitForDelivery();

    partner.receiver.verify(delivery);
    const { timestamp } = messageOf(delivery);
    expect(timestamp).toMatch(ISO_TIME);
    // Compared as text, because the order of the keys counts as well.
    expect(delivery.raw).toBe(
      JSON.stringify({
        type: 'import.finished',
        timestamp,
        id: importId,
        state: 'success',
        overview: { total: 1, success: 1, skipped: 0, failed: 0 },
        context,
      }),
    );
    expect(delivery).toMatchObject({
      method: 'POST',
      path: '/hook?key=of-the-partner',
      headers: { 'content-type': 'application/json' },
    });
    expect(delivery.headers['x-livingdocs-signature']).toMatch(/^sha256=[0-9a-f]{64}$/);
    const shown = await ended(partner, importId, 'delivered', 1);
    expect(shown).toMatchObject({
      id: idOf(delivery),
      importId,
      url: partner.receiver.url('/hook'),
      attempts: [{ number: 1, statusCode: 204, error: null }],
      nextAttemptAt: null,
    });
    expect(shown.deliveredAt).toMatch(ISO_TIME);
  });

  it('has no context key if none was given', async () => {
    const { receiver, run } = await subscriber(200);
    await run();
    const delivery = await receiver.waitForDelivery();
    receiver.verify(delivery);
    expect(Object.keys(messageOf(delivery))).toEqual(['type', 'timestamp', 'id', 'state', 'overview']);
  });

  it('reports a failed import', async () => {
    const { receiver, run } = await subscriber(200);
    await run({}, '/not-there.mp4');
    expect(receiver.verify(await receiver.waitForDelivery())).toMatchObject({
      state: 'failed',
      overview: { total: 1, success: 0, skipped: 0, failed: 1 },
    });
  });

  it('is sent once for each import, for any number of videos', async () => {
    const partner = await subscriber(200);
    const { api, receiver } = partner;
    const batches = ['x', 'y', 'z'].map((name) =>
      Array.from({ length: 30 }, (_, n) => entry(`${name}${n}`, scene.origin.url(`/good/${name}${n}.mp4`))),
    );
    const ids = await Promise.all(
      batches.map((batch) => api.importVideos('webhooks', batch, { webhook: receiver.url() })),
    );
    for (const id of ids) {
      await api.finished(id);
      await ended(partner, id, 'delivered', 1);
    }
    // A duplicate would have arrived before the webhook of a later import.
    ids.push(await partner.run());
    await ended(partner, ids.at(-1)!, 'delivered', 1);

    for (const delivery of receiver.deliveries) receiver.verify(delivery);
    const delivered = receiver.deliveries.map((delivery) => messageOf(delivery).id);
    expect(delivered.toSorted()).toEqual(ids.toSorted());
    expect(new Set(receiver.deliveries.map(idOf)).size).toBe(ids.length);
  });

  it('is not sent if none was requested', async () => {
    const partner = await newPartner(scene.reelport);
    const id = await partner.api.importVideos('webhooks', [entry('a', scene.origin.url('/good/a.mp4'))]);
    await partner.api.finished(id);
    expect(await deliveriesOf(partner, id)).toEqual([]);
  });
});

describe('A rejected webhook', () => {
  it('is sent again with the same id and body, and with a new signature and timestamp', async () => {
    // Retry-After, so that the second attempt is in another second than the first.
    const partner = await subscriber({ status: 500, headers: { 'retry-after': '1' } }, 503, 200);
    const { receiver } = partner;

    const importId = await partner.run();
    const { id, attempts } = await ended(partner, importId, 'delivered', 3);

    const [first, second, third] = receiver.deliveries;
    for (const delivery of receiver.deliveries) receiver.verify(delivery);
    expect(receiver.deliveries.map(idOf)).toEqual([id, id, id]);
    expect([second?.raw, third?.raw]).toEqual([first?.raw, first?.raw]);
    expect(timestampOf(second)).toBeGreaterThan(timestampOf(first));
    expect(second?.headers['webhook-signature']).not.toBe(first?.headers['webhook-signature']);
    expect(receiver.deliveries.map(timestampOf)).toEqual(
      attempts.map(({ startedAt }) => Math.floor(Date.parse(startedAt) / 1_000)),
    );
    expect(attempts.map(({ number, statusCode, error }) => [number, statusCode, error])).toEqual([
      [1, 500, 'The receiver answered 500'],
      [2, 503, 'The receiver answered 503'],
      [3, 200, null],
    ]);
  });

  it('shows the beginning of what the receiver answered', async () => {
    const html = { 'content-type': 'text/html; charset=utf-8' };
    const partner = await subscriber(
      { status: 500, body: 'The database\0is locked' },
      { status: 502, headers: html, body: `<h1>${'ü'.repeat(5_000)}</h1>` },
      { status: 200, headers: { 'content-type': 'image/png' }, body: 'PNG' },
    );
    const { id, attempts } = await ended(partner, await partner.run(), 'delivered', 3);
    const responses = ['The database\uFFFDis locked', `<h1>${'ü'.repeat(30)}`, null];
    expect(attempts.map(({ response }) => response)).toEqual(responses);
    const { body } = await partner.api.call<ShownDelivery>('GET', `/api/v1/webhooks/deliveries/${id}`);
    expect(body.attempts).toEqual(attempts);
  });

  it('does not follow a redirect', async () => {
    const partner = await subscriber({ status: 302, headers: { location: '/elsewhere' } }, 200);
    const { attempts } = await ended(partner, await partner.run(), 'delivered', 2);
    expect(attempts.map(({ statusCode }) => statusCode)).toEqual([302, 200]);
    expect(partner.receiver.deliveries.map(({ path }) => path)).not.toContain('/elsewhere');
  });

  it('ends with a 410', async () => {
    const partner = await subscriber(410);
    const importId = await partner.run();
    const delivery = await ended(partner, importId, 'failed', 1);
    expect(delivery).toMatchObject({ nextAttemptAt: null, deliveredAt: null });
    expect(delivery.attempts[0]).toMatchObject({ statusCode: 410 });
  });

  it('fails when the schedule is used up, and can be redelivered under the same id', async () => {
    const partner = await subscriber(500);
    const { api, receiver } = partner;
    const importId = await partner.run();
    const failed = await ended(partner, importId, 'failed', 3);
    expect(failed.nextAttemptAt).toBeNull();

    receiver.answer(204);
    const answer = await api.call('POST', `/api/v1/webhooks/deliveries/${failed.id}/redeliver`);

    expect([answer.status, answer.body]).toEqual([200, { id: failed.id }]);
    const { attempts } = await ended(partner, importId, 'delivered', 4);
    expect(attempts.map(({ number, statusCode }) => [number, statusCode])).toEqual([
      [1, 500],
      [2, 500],
      [3, 500],
      [4, 204],
    ]);
    expect(receiver.deliveries.map(idOf)).toEqual(Array.from({ length: 4 }, () => failed.id));
    receiver.verify(receiver.deliveries.at(-1)!);
  });

  it('can be redelivered after it was accepted', async () => {
    const partner = await subscriber(200);
    const importId = await partner.run();
    const { id } = await ended(partner, importId, 'delivered', 1);
    await partner.api.call('POST', `/api/v1/webhooks/deliveries/${id}/redeliver`);
    await ended(partner, importId, 'delivered', 2);
    expect(partner.receiver.deliveries.map(idOf)).toEqual([id, id]);
  });

  it('can be seen and redelivered only by its own project', async () => {
    const partner = await subscriber(200);
    const importId = await partner.run();
    const { id } = await ended(partner, importId, 'delivered', 1);
    const other = await newPartner(scene.reelport);
    expect(await deliveriesOf(other, importId)).toEqual([]);
    const answer = await other.api.call('POST', `/api/v1/webhooks/deliveries/${id}/redeliver`);
    expect(answer.status).toBe(404);
  });
});

describe('During the rotation of the secret', () => {
  it('both the old and the new secret verify', async () => {
    const { project, receiver, run } = await subscriber(200);
    const fresh = await rotate(project.name);
    expect(fresh).not.toBe(project.webhookSecret);

    await run();
    const delivery = await receiver.waitForDelivery();

    const signed = Object.fromEntries(
      ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [
        name,
        String(delivery.headers[name]),
      ]),
    );
    for (const secret of [fresh, project.webhookSecret]) {
      expect(() => new Webhook(secret).verify(delivery.raw, signed)).not.toThrow();
    }
    expect(() => receiver.verify(delivery, fresh)).not.toThrow();
  });
});

/** Rotates the secret with the command line, while the server runs. */
async function rotate(project: string): Promise<string> {
  const { database, dataDir } = scene.reelport;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['dist/src/reelport.js', 'project', 'webhook-secret', '--project', project, '--rotate'],
    {
      env: {
        PATH: process.env['PATH'],
        DATABASE_URL: database.url,
        REDIS_URL: inject('redisUrl'),
        DATA_DIR: dataDir,
      },
    },
  );
  return stdout.trim();
}
