import { randomBytes } from 'node:crypto';

/** Generates a `webhook-id`: `msg_` and 24 characters of base64url. */
export function newDeliveryId(): string {
  return `msg_${randomBytes(18).toString('base64url')}`;
}

export function isDeliveryId(text: string): boolean {
  return /^msg_[\w-]{24}$/.test(text);
}
