import { Webhook } from 'standardwebhooks';

/** Body of a webhook. */
export interface WebhookEvent {
  readonly type: string;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly [field: string]: unknown;
}

/**
 * Verifies the signature and the age of a webhook (Standard Webhooks, https://www.standardwebhooks.com).
 *
 * @param body the bytes as received: a parsed and written body has another signature
 * @param headers `webhook-id`, `webhook-timestamp` and `webhook-signature`; other headers are ignored
 * @param secret of the project, beginning with `whsec_`
 * @returns the parsed body
 * @throws Error if the signature is wrong or older than five minutes
 */
export function verifyWebhook(
  body: string | Uint8Array,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  secret: string,
): WebhookEvent {
  const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
  const given = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
  const signed = Object.fromEntries(names.map((name) => [name, given.get(name) ?? '']));
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
  new Webhook(secret).verify(text, signed);
  const event: WebhookEvent = JSON.parse(text);
  return event;
}
