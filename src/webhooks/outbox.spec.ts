import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isDeliveryId } from './delivery-id.js';
import type { OutboxMessage } from './outbox.js';
import { openWebhooksScope, type WebhooksScope } from './testing/webhooks-scope.js';

let scope: WebhooksScope;
let projectId: number;

beforeAll(async () => {
  scope = await openWebhooksScope();
  ({ projectId } = await scope.project('outbox'));
});
afterEach(() => scope.clear());
afterAll(() => scope.close());

function enqueue(messages: readonly OutboxMessage[]): Promise<void> {
  return scope.dataSource.transaction((tx) => scope.outbox().enqueue(tx, messages));
}

describe('Outbox', () => {
  it('stores the exact text of a message', async () => {
    const body = {
      type: 'import.finished',
      timestamp: '2020-01-01T13:45:12.000Z',
      id: '25bzj8j',
      state: 'success',
      overview: { total: 3, success: 1, skipped: 1, failed: 1 },
      context: undefined,
    };
    const url = 'https://partner.example.com:8443/hook?key=1';
    await enqueue([{ projectId, importId: '25bzj8j', url, body }]);
    const [delivery] = await scope.deliveries();
    expect(delivery).toMatchObject({
      projectId,
      importId: '25bzj8j',
      url,
      receiverHost: 'partner.example.com:8443',
      state: 'pending',
      attempts: 0,
      deliveredAt: null,
    });
    expect(isDeliveryId(delivery.id)).toBe(true);
    expect(delivery.body).toBe(
      '{"type":"import.finished","timestamp":"2020-01-01T13:45:12.000Z","id":"25bzj8j","state":"success","overview":{"total":3,"success":1,"skipped":1,"failed":1}}',
    );
  });

  it('normalizes the receiver host of a URL', async () => {
    const urls = ['https://Hook.example/a', 'https://hook.example./b', 'https://hook.example:443/c'];
    await enqueue(urls.map((url) => ({ projectId, importId: 'a', url, body: {} })));
    const deliveries = await scope.deliveries();
    expect(deliveries.map(({ receiverHost }) => receiverHost)).toEqual(urls.map(() => 'hook.example'));
  });

  it('keeps characters escaped that PostgreSQL cannot store', async () => {
    const body = { context: { text: '\0 "🎬" \\ \u2028' } };
    const url = 'https://partner.example.com/';
    await enqueue([{ projectId, importId: 'a', url, body }]);
    const [delivery] = await scope.deliveries();
    expect(JSON.parse(delivery.body)).toEqual(body);
  });

  it('uses the transaction of the caller', async () => {
    const undone = scope.dataSource.transaction(async (tx) => {
      await scope
        .outbox()
        .enqueue(tx, [{ projectId, importId: 'a', url: 'https://partner.example.com/', body: {} }]);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(await scope.deliveries()).toEqual([]);
  });

  it('accepts thousands of messages at once, or none', async () => {
    await scope.enqueue(
      projectId,
      Array.from({ length: 5_000 }, () => 'https://partner.example.com/'),
    );
    await scope.enqueue(projectId, []);
    const deliveries = await scope.deliveries();
    expect(new Set(deliveries.map(({ id }) => id)).size).toBe(5_000);
  });

  it('schedules the first attempt', async () => {
    const urls = ['https://partner.example.com/'];
    await scope.enqueue(projectId, urls, { WEBHOOK_SCHEDULE: '1h' });
    const [{ nextAttemptAt, createdAt }] = await scope.deliveries();
    expect(nextAttemptAt!.getTime() - createdAt.getTime()).toBe(3_600_000);
  });
});
