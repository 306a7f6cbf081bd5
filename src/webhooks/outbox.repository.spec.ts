import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AttemptEnding, AttemptRecord, ClaimLimits, DueDelivery } from './outbox.repository.js';
import { openWebhooksScope, type WebhooksScope } from './testing/webhooks-scope.js';

const HOOK = 'https://partner.example.com/hook';
const LIMITS: ClaimLimits = { total: 10, perHost: 10, inFlight: new Map(), leaseMs: 60_000 };
const startedAt = new Date();
const ACCEPTED: AttemptRecord = { startedAt, durationMs: 5, statusCode: 204, error: null, response: null };
const REFUSED: AttemptRecord = { startedAt, durationMs: 5, statusCode: 500, error: 'No', response: 'Not I' };
const DELIVERED: AttemptEnding = { state: 'delivered', nextInMs: null };
const AGAIN: AttemptEnding = { state: 'pending', nextInMs: 3_600_000 };

let scope: WebhooksScope;
let projectId: number;

beforeAll(async () => {
  scope = await openWebhooksScope();
  ({ projectId } = await scope.project('repository'));
});
afterEach(() => scope.clear());
afterAll(() => scope.close());

async function claim(limits: Partial<ClaimLimits> = {}): Promise<DueDelivery[]> {
  return scope.repository.claimDue({ ...LIMITS, ...limits });
}

/** Expires the leases of all claimed deliveries. */
async function loseLeases(): Promise<void> {
  await scope.dataSource.query(`UPDATE webhook_deliveries SET next_attempt_at = now() - interval '1 second'`);
}

describe('claimDue', () => {
  it('claims due deliveries once', async () => {
    await scope.enqueue(projectId, [HOOK, HOOK]);
    await scope.enqueue(projectId, [HOOK], { WEBHOOK_SCHEDULE: '1h' });
    expect(await claim()).toHaveLength(2);
    expect(await claim()).toEqual([]);
  });

  it('does not give one delivery to two concurrent callers', async () => {
    await scope.enqueue(
      projectId,
      Array.from({ length: 40 }, (_, index) => `https://host${index % 4}.example.com/`),
    );
    const claims = await Promise.all(Array.from({ length: 5 }, () => claim()));
    const ids = claims.flat().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('leaves room for other hosts, however long the backlog of one', async () => {
    await scope.enqueue(
      projectId,
      Array.from({ length: 30 }, () => HOOK),
    );
    await scope.enqueue(projectId, ['https://b.example.com/', 'https://c.example.com/']);
    const inFlight = new Map([
      ['partner.example.com', 3],
      ['c.example.com', 4],
    ]);
    const hosts = (await claim({ perHost: 4, inFlight })).map(({ receiverHost }) => receiverHost).sort();
    expect(hosts).toEqual(['b.example.com', 'partner.example.com']);
  });

  it('claims the longest overdue deliveries first', async () => {
    await scope.enqueue(projectId, [HOOK, 'https://a.example.com/']);
    await scope.dataSource.query(
      `UPDATE webhook_deliveries SET next_attempt_at = now() - interval '1 hour' WHERE url = $1`,
      [HOOK],
    );
    expect(await claim({ total: 1 })).toMatchObject([{ url: HOOK }]);
  });
});

describe('recordAttempt', () => {
  it('records attempt and state together', async () => {
    await scope.enqueue(projectId, [HOOK]);
    const [due] = await claim();
    await scope.repository.recordAttempt(due, REFUSED, AGAIN);
    const [delivery] = await scope.deliveries();
    expect(delivery).toMatchObject({ state: 'pending', attempts: 1, scheduledFrom: 0, deliveredAt: null });
    expect(await scope.attempts(delivery.id)).toMatchObject([{ number: 1, ...REFUSED }]);
    expect(delivery.nextAttemptAt!.getTime()).toBeGreaterThan(Date.now() + LIMITS.leaseMs);
  });

  it('lets a late failure change only the history', async () => {
    await scope.enqueue(projectId, [HOOK]);
    const [late] = await claim();
    await loseLeases();
    const [present] = await claim();
    const [before] = await scope.deliveries();
    await scope.repository.recordAttempt(late, REFUSED, { state: 'failed', nextInMs: null });
    const [after] = await scope.deliveries();
    expect(after).toEqual(Object.assign(before, { attempts: 1, scheduledFrom: 1 }));

    await scope.repository.recordAttempt(present, ACCEPTED, DELIVERED);
    const [delivery] = await scope.deliveries();
    expect(delivery).toMatchObject({ state: 'delivered', attempts: 2, nextAttemptAt: null });
    const attempts = await scope.attempts(delivery.id);
    expect(attempts.map(({ statusCode }) => statusCode)).toEqual([500, 204]);
  });

  it('lets a late success count', async () => {
    await scope.enqueue(projectId, [HOOK]);
    const [late] = await claim();
    await loseLeases();
    const [present] = await claim();
    await scope.repository.recordAttempt(late, ACCEPTED, DELIVERED);
    await scope.repository.recordAttempt(present, REFUSED, AGAIN);
    const [delivery] = await scope.deliveries();
    expect(delivery).toMatchObject({ state: 'delivered', attempts: 2, nextAttemptAt: null });
    expect(delivery.deliveredAt).not.toBeNull();
  });
});

describe('release', () => {
  it('makes a delivery due again as if never claimed', async () => {
    await scope.enqueue(projectId, [HOOK]);
    const [due] = await claim();
    await scope.repository.release(due);
    const again = await claim();
    expect(again).toMatchObject([{ id: due.id, scheduled: 0 }]);
  });

  it('does not release a delivery of another claim', async () => {
    await scope.enqueue(projectId, [HOOK]);
    const [late] = await claim();
    await loseLeases();
    await claim();
    await scope.repository.release(late);
    expect(await claim()).toEqual([]);
  });
});
