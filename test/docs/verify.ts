import { verifyWebhook, type WebhookEvent } from '@reelport/client';

/** @throws Error if the signature or the timestamp is invalid */
export function receive(body: string, headers: Record<string, string>): WebhookEvent {
  return verifyWebhook(body, headers, process.env['WEBHOOK_SECRET'] ?? '');
}
