import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openWebhooksScope, type WebhooksScope } from './testing/webhooks-scope.js';
import { WebhookAttempt } from './webhook-attempt.entity.js';
import { WebhookDeliveriesRepository } from './webhook-deliveries.repository.js';
import { WebhookDelivery } from './webhook-delivery.entity.js';
import { WebhooksService } from './webhooks.service.js';

const HOOK = 'https://partner.example.com/hook?key=secret';
const LIMITS = { total: 10, perHost: 10, inFlight: new Map<string, number>(), leaseMs: 60_000 };

let scope: WebhooksScope;
let projectId: number;
let stranger: number;
let service: WebhooksService;

beforeAll(async () => {
  scope = await openWebhooksScope();
  ({ projectId } = await scope.project('ours'));
  ({ projectId: stranger } = await scope.project('theirs'));
});
beforeEach(() => {
  const { dataSource, signals } = scope;
  service = new WebhooksService(
    new WebhookDeliveriesRepository(
      dataSource.getRepository(WebhookDelivery),
      dataSource.getRepository(WebhookAttempt),
    ),
    dataSource,
    signals,
  );
});
afterEach(() => scope.clear());
afterAll(() => scope.close());

/** Records an attempt for every due delivery. */
async function attempt(statusCode: number): Promise<void> {
  const ending = { state: statusCode === 204 ? 'delivered' : 'failed', nextInMs: null } as const;
  const error = statusCode === 204 ? null : `The receiver answered ${statusCode}`;
  for (const due of await scope.repository.claimDue(LIMITS)) {
    const startedAt = new Date('2020-01-01T13:45:12.000Z');
    await scope.repository.recordAttempt(
      due,
      { startedAt, durationMs: 7, statusCode, error, response: null },
      ending,
    );
  }
}

function redeliverFailed(since?: string, dryRun = false): Promise<{ redelivered: number }> {
  return service.redeliverFailed(projectId, { ...(since !== undefined && { since }), dryRun });
}

describe('redeliverFailed', () => {
  it('sends the failed ones again, and no others', async () => {
    await scope.enqueue(projectId, [HOOK]);
    await attempt(204);
    await scope.enqueue(projectId, [HOOK, HOOK]);
    await scope.enqueue(stranger, [HOOK]);
    await attempt(500);
    expect(await redeliverFailed(undefined, true)).toEqual({ redelivered: 2 });
    expect(await scope.repository.claimDue(LIMITS)).toEqual([]);
    expect(await redeliverFailed()).toEqual({ redelivered: 2 });
    expect(await scope.repository.claimDue(LIMITS)).toHaveLength(2);
    expect(await redeliverFailed()).toEqual({ redelivered: 0 });
  });

  it('leaves out those that were created earlier', async () => {
    await scope.enqueue(projectId, [HOOK, HOOK]);
    await attempt(500);
    const [{ id }] = await scope.deliveries();
    await scope.dataSource
      .getRepository(WebhookDelivery)
      .update({ id }, { createdAt: new Date('2020-01-01T12:00:00Z') });
    expect(await redeliverFailed('2020-01-01T12:00:00.001Z', true)).toEqual({ redelivered: 1 });
    expect(await redeliverFailed('2020-01-01T13:00:00+01:00', true)).toEqual({ redelivered: 2 });
    expect(await redeliverFailed('2020-01-01T12:00:00.001Z')).toEqual({ redelivered: 1 });
    expect((await service.find(projectId, id)).state).toBe('failed');
  });
});

describe('find', () => {
  it('includes the body, as it is sent', async () => {
    await scope.enqueue(projectId, [HOOK]);
    await attempt(500);
    const [{ id, body }] = await scope.deliveries();
    expect(await service.find(projectId, id)).toMatchObject({ id, body, attempts: [{ statusCode: 500 }] });
  });

  it('refuses deliveries of other projects and invalid ids', async () => {
    await scope.enqueue(stranger, [HOOK]);
    const [{ id }] = await scope.deliveries();
    for (const unknown of [id, 'msg_2KWPBgLlAfxdpx2AI54pPJ85', `${id}\0`]) {
      await expect(service.find(projectId, unknown)).rejects.toMatchObject({ statusCode: 404 });
    }
  });
});
