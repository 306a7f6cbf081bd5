import { verifyWebhook } from '@reelport/client';

export function receive(body: string, headers: Record<string, string>): void {
  const event = verifyWebhook(body, headers, process.env['WEBHOOK_SECRET'] ?? '');
  console.log(event.type, headers['webhook-id']);
}
