import type { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Receiver } from '../../test/support/receiver.js';
import { OutboxRepository, type ClaimLimits, type DueDelivery } from './outbox.repository.js';
import { openWebhooksScope, type Settings, type WebhooksScope } from './testing/webhooks-scope.js';
import type { WebhookAttempt } from './webhook-attempt.entity.js';
import type { WebhookDelivery } from './webhook-delivery.entity.js';

let scope: WebhooksScope;
let projectId: number;
let secret: string;

beforeAll(async () => {
  scope = await openWebhooksScope();
  ({ projectId, secret } = await scope.project('deliverer'));
});
afterEach(() => scope.clear());
afterAll(() => scope.close());

/** Runs a deliverer until the receiver got this many requests, and lets it record the last one. */
async function deliverUntil(receiver: Receiver, count: number, settings: Settings = {}): Promise<void> {
  const deliverer = scope.startDeliverer(settings);
  try {
    await receiver.waitForDelivery(undefined, { count });
  } finally {
    await deliverer.stop();
  }
}

/** Runs one round of a deliverer. */
async function deliverOnce(settings: Settings = {}, repository?: OutboxRepository): Promise<void> {
  const deliverer = scope.startDeliverer(settings, repository);
  await deliverer.stop();
}

async function only(): Promise<{ delivery: WebhookDelivery; attempts: WebhookAttempt[] }> {
  const [delivery] = await scope.deliveries();
  return { delivery: delivery, attempts: await scope.attempts(delivery.id) };
}

describe('a delivery', () => {
  it('is signed, sent and recorded', async () => {
    const receiver = await scope.receiver(secret);
    await scope.enqueue(projectId, [receiver.url('/hook?key=1')]);
    await deliverUntil(receiver, 1);
    const [request] = receiver.deliveries;
    expect(receiver.verify(request)).toEqual({ index: 0 });
    const { delivery, attempts } = await only();
    expect(request).toMatchObject({
      method: 'POST',
      path: '/hook?key=1',
      raw: delivery.body,
      headers: { 'content-type': 'application/json', 'webhook-id': delivery.id },
    });
    expect(delivery).toMatchObject({ state: 'delivered', attempts: 1, nextAttemptAt: null });
    expect(delivery.deliveredAt).not.toBeNull();
    expect(attempts).toMatchObject([{ number: 1, statusCode: 204, error: null }]);
    expect(Math.floor(attempts[0].startedAt.getTime() / 1_000)).toBe(
      Number(request.headers['webhook-timestamp']),
    );
  });

  it('is recorded once if the connection to the database breaks after the commit', async () => {
    class Breaking extends OutboxRepository {
      private isBroken = false;

      override async recordAttempt(...attempt: Parameters<OutboxRepository['recordAttempt']>): Promise<void> {
        await super.recordAttempt(...attempt);
        if (this.isBroken) return;
        this.isBroken = true;
        throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
      }
    }
    const receiver = await scope.receiver();
    receiver.answer(500, 204);
    await scope.enqueue(projectId, [receiver.url()]);
    const deliverer = scope.startDeliverer({}, new Breaking(scope.dataSource));
    try {
      await receiver.waitForDelivery(undefined, { count: 2 });
    } finally {
      await deliverer.stop();
    }
    const { delivery, attempts } = await only();
    expect(attempts.map(({ statusCode }) => statusCode)).toEqual([500, 204]);
    expect(delivery).toMatchObject({ state: 'delivered', attempts: 2, scheduledFrom: 0 });
  });

  it('keeps what the receiver answers, in a form that can be stored', async () => {
    const receiver = await scope.receiver();
    receiver.answer({ status: 500, body: 'The database\0is locked' }, { status: 200, body: 'Thank you' });
    await scope.enqueue(projectId, [receiver.url()]);
    await deliverUntil(receiver, 2);
    const { attempts } = await only();
    expect(attempts.map(({ response }) => response)).toEqual(['The database\uFFFDis locked', 'Thank you']);
  });

  it('is retried with the same id until it is accepted', async () => {
    const receiver = await scope.receiver(secret);
    receiver.answer(500, 404, 200);
    await scope.enqueue(projectId, [receiver.url()]);
    await deliverUntil(receiver, 3);
    const { delivery, attempts } = await only();
    expect(receiver.deliveries.map(({ headers }) => headers['webhook-id'])).toEqual(
      Array.from({ length: 3 }, () => delivery.id),
    );
    expect(delivery).toMatchObject({ state: 'delivered', attempts: 3 });
    expect(attempts.map(({ number, statusCode, error }) => [number, statusCode, error])).toEqual([
      [1, 500, 'The receiver answered 500'],
      [2, 404, 'The receiver answered 404'],
      [3, 200, null],
    ]);
  });

  it('fails when the schedule is exhausted', async () => {
    const receiver = await scope.receiver();
    receiver.answer(500);
    await scope.enqueue(projectId, [receiver.url()]);
    await deliverUntil(receiver, 3);
    const { delivery } = await only();
    expect(delivery).toMatchObject({ state: 'failed', attempts: 3, nextAttemptAt: null, deliveredAt: null });
  });

  it('fails at once if the receiver is gone', async () => {
    const receiver = await scope.receiver();
    receiver.answer(410);
    await scope.enqueue(projectId, [receiver.url()]);
    await deliverUntil(receiver, 1);
    expect((await only()).delivery).toMatchObject({ state: 'failed', attempts: 1 });
  });

  it('does not follow redirects', async () => {
    const receiver = await scope.receiver();
    receiver.answer({ status: 307, headers: { location: receiver.url('/elsewhere') } }, 200);
    await scope.enqueue(projectId, [receiver.url()], { WEBHOOK_SCHEDULE: '0s,1h' });
    await deliverUntil(receiver, 1, { WEBHOOK_SCHEDULE: '0s,1h' });
    const { delivery, attempts } = await only();
    expect(delivery).toMatchObject({ state: 'pending', attempts: 1 });
    expect(attempts[0].error).toBe('The receiver answered 307; redirects are not followed');
    expect(receiver.deliveries).toHaveLength(1);
  });

  it('obeys Retry-After of the receiver', async () => {
    const receiver = await scope.receiver();
    receiver.answer({ status: 503, headers: { 'retry-after': '7200' } });
    await scope.enqueue(projectId, [receiver.url()]);
    await deliverUntil(receiver, 1);
    expect((await only()).delivery.nextAttemptAt!.getTime()).toBeGreaterThan(Date.now() + 3_600_000);
  });

  it('fails at once if the address is not allowed', async () => {
    await scope.enqueue(projectId, ['http://10.0.0.1/hook']);
    await deliverOnce();
    const { delivery, attempts } = await only();
    expect(delivery).toMatchObject({ state: 'failed', attempts: 1, nextAttemptAt: null });
    expect(attempts).toMatchObject([
      { statusCode: null, error: expect.stringContaining('does not point to the public internet') },
    ]);
  });

  it('is retried if nothing listens', async () => {
    const receiver = await scope.receiver();
    const url = receiver.url();
    await receiver.close();
    await scope.enqueue(projectId, [url]);
    await deliverOnce({ WEBHOOK_SCHEDULE: '0s,1h' });
    const { delivery, attempts } = await only();
    expect(delivery).toMatchObject({ state: 'pending', attempts: 1 });
    expect(attempts).toMatchObject([{ statusCode: null, error: expect.stringContaining('is unreachable') }]);
  });

  it('is retried if the receiver times out', async () => {
    const receiver = await scope.receiver();
    receiver.answer({ hang: true });
    await scope.enqueue(projectId, [receiver.url()]);
    await deliverOnce({ WEBHOOK_SCHEDULE: '0s,1h', WEBHOOK_TIMEOUT_MS: '100ms' });
    const { delivery, attempts } = await only();
    expect(delivery).toMatchObject({ state: 'pending', attempts: 1 });
    expect(attempts).toMatchObject([
      { statusCode: null, error: expect.stringContaining('responded too slowly') },
    ]);
  });

  it('counts an attempt if it cannot be signed', async () => {
    const { projectId: bare } = await scope.project('without-secret');
    await scope.dataSource.query(`UPDATE projects SET webhook_secrets = '[]' WHERE id = $1`, [bare]);
    const receiver = await scope.receiver();
    await scope.enqueue(bare, [receiver.url()]);
    await deliverOnce({ WEBHOOK_SCHEDULE: '0s,1h' });
    const { delivery, attempts } = await only();
    expect(delivery).toMatchObject({ state: 'pending', attempts: 1 });
    expect(attempts).toMatchObject([{ statusCode: null, error: 'The delivery could not be signed or sent' }]);
    expect(receiver.deliveries).toEqual([]);
  });

  it('is accepted by its status, whatever else the receiver sends', async () => {
    const receiver = await scope.receiver();
    receiver.answer({ status: 200, body: 'x'.repeat(5_000_000) });
    await scope.enqueue(projectId, [receiver.url()]);
    await deliverUntil(receiver, 1);
    expect((await only()).delivery.state).toBe('delivered');
  });
});

describe('the deliverer', () => {
  it('does not let an unresponsive receiver delay others', async () => {
    const silent = await scope.receiver();
    const quick = await scope.receiver();
    silent.answer({ hang: true });
    await scope.enqueue(
      projectId,
      Array.from({ length: 30 }, () => silent.url()),
    );
    const deliverer = scope.startDeliverer({ SHUTDOWN_GRACE_MS: '0s' });
    await silent.waitForDelivery(undefined, { count: 4 });
    await scope.enqueue(
      projectId,
      Array.from({ length: 20 }, () => quick.url()),
    );
    await quick.waitForDelivery(undefined, { count: 20 });
    expect(silent.deliveries).toHaveLength(4);
    await deliverer.stop();
  });

  it('releases in-flight deliveries at the end of the grace period', async () => {
    const receiver = await scope.receiver();
    receiver.answer({ hang: true });
    await scope.enqueue(projectId, [receiver.url()]);
    await deliverUntil(receiver, 1, { SHUTDOWN_GRACE_MS: '0s' });
    const { delivery, attempts } = await only();
    expect(delivery).toMatchObject({ state: 'pending', attempts: 0 });
    expect(attempts).toEqual([]);
    expect(delivery.nextAttemptAt!.getTime()).toBeLessThanOrEqual(Date.now());
  });

  it('shares the work with other deliverers', async () => {
    const receiver = await scope.receiver();
    await scope.enqueue(
      projectId,
      Array.from({ length: 100 }, () => receiver.url()),
    );
    const several = [scope.startDeliverer(), scope.startDeliverer(), scope.startDeliverer()];
    await receiver.waitForDelivery(undefined, { count: 100 });
    await Promise.all(several.map((deliverer) => deliverer.stop()));
    expect(new Set(receiver.deliveries.map(({ headers }) => headers['webhook-id'])).size).toBe(100);
    expect(receiver.deliveries).toHaveLength(100);
    expect((await scope.deliveries()).every(({ state }) => state === 'delivered')).toBe(true);
  });

  it('does not resend an accepted delivery after a short database outage', async () => {
    const receiver = await scope.receiver();
    await scope.enqueue(projectId, [receiver.url()]);
    await deliverOnce({}, new OutboxUnavailableOnce(scope.dataSource, 'recordAttempt'));
    const { delivery, attempts } = await only();
    expect(delivery.state).toBe('delivered');
    expect(attempts).toHaveLength(1);
    expect(receiver.deliveries).toHaveLength(1);
  });

  it('continues after an outage', async () => {
    const receiver = await scope.receiver();
    await scope.enqueue(projectId, [receiver.url()]);
    const deliverer = scope.startDeliverer({}, new OutboxUnavailableOnce(scope.dataSource, 'claimDue'));
    await receiver.waitForDelivery();
    await deliverer.stop();
    expect((await only()).delivery.state).toBe('delivered');
  });
});

/** The first call meets a closed connection, which cannot be timed from outside. */
class OutboxUnavailableOnce extends OutboxRepository {
  private away = true;

  constructor(
    dataSource: DataSource,
    private readonly method: 'claimDue' | 'recordAttempt',
  ) {
    super(dataSource);
  }

  override async claimDue(limits: ClaimLimits): Promise<DueDelivery[]> {
    this.fail('claimDue');
    return super.claimDue(limits);
  }

  override async recordAttempt(...attempt: Parameters<OutboxRepository['recordAttempt']>): Promise<void> {
    this.fail('recordAttempt');
    return super.recordAttempt(...attempt);
  }

  private fail(method: string): void {
    if (!this.away || method !== this.method) return;
    this.away = false;
    throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  }
}
