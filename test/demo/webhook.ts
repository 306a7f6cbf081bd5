import type { FinishedStatus } from '../support/api.js';
import { expect, expectEqual } from './expect.js';
import { good, heading } from './screen.js';
import type { Stage } from './stage.js';

/** The message about an import comes, and its signatures hold. */
export async function checkWebhook(
  { receiver, webhookSecret }: Stage,
  { id, state, overview }: FinishedStatus,
): Promise<void> {
  heading('The webhook');
  const delivery = await receiver.waitForDelivery(({ body }) => read(body)['id'] === id);
  const {
    type,
    state: told,
    overview: counted,
  } = read(verified(() => receiver.verify(delivery, webhookSecret)));
  expectEqual(
    { type, state: told, overview: counted },
    { type: 'import.finished', state, overview },
    'the message',
  );
  good(`${String(delivery.headers['webhook-id'])} came; the library of standardwebhooks.com verified it`);
}

/** @throws Unexpected where a signature does not hold */
function verified(verify: () => unknown): unknown {
  try {
    return verify();
  } catch (error) {
    return expect(false, `signatures that hold: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function read(body: unknown): Record<string, unknown> {
  return typeof body === 'object' && body !== null ? { ...body } : {};
}
