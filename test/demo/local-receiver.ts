import type { FinishedStatus } from '../support/api.js';
import { expect } from './expect.js';
import { good, heading } from './screen.js';
import type { Stage } from './stage.js';

/** Starts `reelport listen`, which forwards events to the receiver. @returns the secret that it signs with */
export async function startListening({ partner, receiver }: Stage): Promise<string> {
  heading('Forwarding events to a local receiver');
  const output = await partner.background(
    ['listen', '--forward-to', receiver.url('/local')],
    /^Waiting for events/,
  );
  const secret = /whsec_\S+/.exec(output)?.[0];
  expect(secret !== undefined, 'the secret that listen signs with');
  return secret;
}

/** The end of the import arrives at the local receiver, too. */
export async function checkListening(
  { receiver }: Stage,
  { id }: FinishedStatus,
  secret: string,
): Promise<void> {
  const delivery = await receiver.waitForDelivery(({ path, body }) => path === '/local' && isEndOf(body, id));
  receiver.verify(delivery, secret);
  good('listen forwarded import.finished, signed; verified with the library of standardwebhooks.com');
}

function isEndOf(body: unknown, id: string): boolean {
  return (
    typeof body === 'object' &&
    body !== null &&
    'type' in body &&
    body.type === 'import.finished' &&
    'id' in body &&
    body.id === id
  );
}
