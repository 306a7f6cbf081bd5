import { randomBytes } from 'node:crypto';
import type { WebhookSecret } from './project.entity.js';

const BYTES = 32;

/** A fresh secret: `whsec_` and base64 of 32 random bytes, as the Standard Webhooks specification asks for. */
export function newWebhookSecret(now: Date = new Date()): WebhookSecret {
  return {
    secret: `whsec_${randomBytes(BYTES).toString('base64')}`,
    createdAt: now.toISOString(),
    expiresAt: null,
  };
}

/** Those that sign at this time, newest first. */
export function validSecrets(secrets: readonly WebhookSecret[], now: Date = new Date()): WebhookSecret[] {
  return secrets
    .filter(({ expiresAt }) => expiresAt === null || Date.parse(expiresAt) > now.getTime())
    .toSorted((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt));
}

/** A new secret in front; the one before stays valid for a while, all others are forgotten. */
export function rotated(
  secrets: readonly WebhookSecret[],
  overlapMs: number,
  now: Date = new Date(),
): WebhookSecret[] {
  const [previous] = validSecrets(secrets, now);
  const fresh = newWebhookSecret(now);
  if (previous === undefined) return [fresh];
  return [fresh, { ...previous, expiresAt: new Date(now.getTime() + overlapMs).toISOString() }];
}
