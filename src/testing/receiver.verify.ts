import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Webhook } from 'standardwebhooks';

/** A signed body and the headers with its signatures. */
export interface SignedRequest {
  headers: IncomingHttpHeaders;
  raw: string;
}

/** The key of a displayed secret: the decoded part after `whsec_`. */
export function keyOf(secret: string): Buffer {
  return Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
}

/**
 * Verifies a delivery like a partner does: `webhook-signature` with the library of the Standard Webhooks
 * specification, and `x-livingdocs-signature` as the hexadecimal HMAC-SHA256 of the body with the same key.
 *
 * @returns the parsed body
 * @throws Error that names the wrong header
 */
export function verifyDelivery({ headers, raw }: SignedRequest, secret: string): unknown {
  const standard: Record<string, string> = {};
  for (const name of ['webhook-id', 'webhook-timestamp', 'webhook-signature'])
    standard[name] = header(headers, name);
  let body: unknown;
  try {
    body = new Webhook(secret).verify(raw, standard);
  } catch (cause) {
    throw new Error(`webhook-signature is wrong: ${cause instanceof Error ? cause.message : 'unknown'}`, {
      cause,
    });
  }
  const given = Buffer.from(header(headers, 'x-livingdocs-signature'));
  const expected = Buffer.from(`sha256=${createHmac('sha256', keyOf(secret)).update(raw).digest('hex')}`);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new Error('x-livingdocs-signature is wrong');
  }
  return body;
}

function header(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name];
  if (typeof value !== 'string') throw new Error(`${name} is missing`);
  return value;
}
