import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';

export interface UnsignedMessage {
  id: string;
  /** The exact text that is sent. */
  body: string;
  /** When this attempt is made. */
  at: Date;
}

/**
 * The signatures of a message: the headers of the Standard Webhooks specification, and beside them
 * `x-livingdocs-signature`, which holds the HMAC of the body alone. The key of all of them is what stands behind
 * `whsec_`, decoded.
 *
 * While a secret is replaced, a receiver may know either: `webhook-signature` has one signature for each, newest first.
 * `x-livingdocs-signature` has room for one and takes the newest.
 *
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 * @param secrets `whsec_` and base64, newest first, at least one
 * @throws Error where there is no secret, or one that cannot be decoded
 */
export function signatureHeaders(
  { id, body, at }: UnsignedMessage,
  secrets: readonly string[],
): Record<string, string> {
  const [newest] = secrets;
  if (newest === undefined) throw new Error('There is no secret to sign with');
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
    'x-livingdocs-signature': `sha256=${createHmac('sha256', keyOf(newest)).update(body).digest('hex')}`,
  };
}

function keyOf(secret: string): Buffer {
  return Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
}
