import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';

export interface UnsignedMessage {
  id: string;
  /** The exact text that is sent. */
  body: string;
  /** Time of this attempt. */
  at: Date;
}

/**
 * Signs a message: returns the headers of the Standard Webhooks specification plus `x-livingdocs-signature`, the HMAC
 * of the body alone. The key of all of them is the decoded part after `whsec_`.
 *
 * During a rotation receivers may know either secret: `webhook-signature` has one signature for each, newest first.
 * `x-livingdocs-signature` has room for only one and uses the newest.
 *
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 * @param secrets `whsec_` and base64, newest first, at least one
 * @throws Error if there is no secret, or one that cannot be decoded
 */
export function signatureHeaders(
  { id, body, at }: UnsignedMessage,
  secrets: readonly string[],
): Record<string, string> {
  const [newest] = secrets;
  if (newest === undefined) throw new Error('No secret to sign with');
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
