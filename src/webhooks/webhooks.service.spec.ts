import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openWebhooksScope, type WebhooksScope } from './testing/webhooks-scope.js';
import { WebhookAttempt } from './webhook-attempt.entity.js';
import { WebhookDeliveriesRepository } from './webhook-deliveries.repository.js';
import { DeliveriesQueryDto } from './webhook-delivery.dto.js';
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

function query(fields: Partial<DeliveriesQueryDto> = {}): DeliveriesQueryDto {
  return Object.assign(new DeliveriesQueryDto(), fields);
}

/** Records an attempt for every due delivery. */
async function attempt(statusCode: number): Promise<void> {
  const ending = { state: statusCode === 204 ? 'delivered' : 'failed', nextInMs: null } as const;
  const error = statusCode === 204 ? null : `The receiver answered ${statusCode}`;
  for (const due of await scope.repository.claimDue(LIMITS)) {
    const startedAt = new Date('2020-01-01T13:45:12.000Z');
    const response = statusCode === 204 ? null : 'The database is locked';
    await scope.repository.recordAttempt(
      due,
      { startedAt, durationMs: 7, statusCode, error, response },
      ending,
    );
  }
}

describe('list', () => {
  it('shows deliveries with their attempts, without URL queries', async () => {
    await scope.enqueue(projectId, [HOOK]);
    await attempt(500);
    const [{ id, createdAt }] = await scope.deliveries();
    expect(await service.list(projectId, query())).toEqual({
      results: [
        {
          id,
          type: 'import.finished',
          importId: 'import0',
          url: 'https://partner.example.com/hook',
          state: 'failed',
          attempts: [
            {
              number: 1,
              startedAt: '2020-01-01T13:45:12.000Z',
              durationMs: 7,
              statusCode: 500,
              error: 'The receiver answered 500',
              response: 'The database is locked',
            },
          ],
          nextAttemptAt: null,
          createdAt,
          deliveredAt: null,
        },
      ],
    });
  });

  it('returns each delivery once across pages', async () => {
    await scope.enqueue(
      projectId,
      Array.from({ length: 5 }, () => HOOK),
    );
    await scope.enqueue(projectId, [HOOK, HOOK]);
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const { results, cursor } = await service.list(projectId, query({ limit: 2, after }));
      seen.push(...results.map(({ id }) => id));
      after = cursor;
    } while (after !== undefined);
    expect(seen).toHaveLength(7);
    expect(new Set(seen).size).toBe(7);
  });

  it('continues after the last delivery and refuses unknown cursors', async () => {
    await scope.enqueue(projectId, [HOOK]);
    await scope.enqueue(stranger, [HOOK]);
    const [own, others] = await scope.deliveries();
    expect(await service.list(projectId, query({ after: own.id }))).toEqual({ results: [] });
    for (const after of [others.id, 'msg_2KWPBgLlAfxdpx2AI54pPJ85', 'x']) {
      await expect(service.list(projectId, query({ after }))).rejects.toMatchObject({ statusCode: 400 });
    }
  });

  it('filters by import and state', async () => {
    await scope.enqueue(projectId, [HOOK]);
    await attempt(204);
    await scope.enqueue(projectId, [HOOK, HOOK]);
    const states = async (fields: Partial<DeliveriesQueryDto>): Promise<string[]> =>
      (await service.list(projectId, query(fields))).results.map(
        ({ importId, state }) => `${importId} ${state}`,
      );
    expect(await states({ importId: 'import0' })).toEqual(['import0 pending', 'import0 delivered']);
    expect(await states({ importId: 'import0', state: 'delivered' })).toEqual(['import0 delivered']);
    expect(await states({ state: 'failed' })).toEqual([]);
  });

  it('hides deliveries of other projects', async () => {
    await scope.enqueue(stranger, [HOOK]);
    expect(await service.list(projectId, query())).toEqual({ results: [] });
  });
});

describe('redeliver', () => {
  it('sends the same message again and keeps the history', async () => {
    await scope.enqueue(projectId, [HOOK]);
    await attempt(204);
    const [{ id }] = await scope.deliveries();
    expect(await service.redeliver(projectId, id)).toEqual({ id });
    expect(await scope.deliveries()).toMatchObject([
      { id, state: 'pending', attempts: 1, scheduledFrom: 1, deliveredAt: null },
    ]);
    expect(await scope.repository.claimDue(LIMITS)).toMatchObject([{ id, scheduled: 0 }]);
    expect(await scope.attempts(id)).toHaveLength(1);
  });

  it('makes a scheduled delivery due at once', async () => {
    await scope.enqueue(projectId, [HOOK], { WEBHOOK_SCHEDULE: '1h' });
    const [{ id }] = await scope.deliveries();
    await service.redeliver(projectId, id);
    expect(await scope.repository.claimDue(LIMITS)).toMatchObject([{ id }]);
  });

  it('refuses deliveries of other projects and invalid ids', async () => {
    await scope.enqueue(stranger, [HOOK]);
    const [{ id }] = await scope.deliveries();
    for (const unknown of [id, 'msg_2KWPBgLlAfxdpx2AI54pPJ85', 'x', `${id}\0`]) {
      await expect(service.redeliver(projectId, unknown)).rejects.toMatchObject({ statusCode: 404 });
    }
  });
});
