import type { FinishedStatus } from '../support/api.js';
import { expect, expectEqual } from './expect.js';
import { good, heading } from './screen.js';
import type { Stage } from './stage.js';

/** Waits for the webhook of an import, and verifies its signatures. */
export async function checkWebhook(
  { receiver, webhookSecret }: Stage,
  { id, state, overview }: FinishedStatus,
): Promise<void> {
  heading('The webhook');
  const delivery = await receiver.waitForDelivery(
    ({ path, body }) => path === '/hook' && read(body)['id'] === id,
  );
  const {
    type,
    state: sentState,
    overview: counted,
  } = read(verified(() => receiver.verify(delivery, webhookSecret)));
  expectEqual(
    { type, state: sentState, overview: counted },
    { type: 'import.finished', state, overview },
    'the message',
  );
  good(
    `${String(delivery.headers['webhook-id'])} received, and verified with the library of standardwebhooks.com`,
  );
}

/** @throws Unexpected if a signature is invalid */
function verified(verify: () => unknown): unknown {
  try {
    return verify();
  } catch (error) {
    return expect(false, `valid signatures: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function read(body: unknown): Record<string, unknown> {
  return typeof body === 'object' && body !== null ? { ...body } : {};
}
