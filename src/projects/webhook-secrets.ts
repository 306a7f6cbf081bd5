import { randomBytes } from 'node:crypto';
import type { WebhookSecret } from './project.entity.js';

const BYTES = 32;

/** Generates a secret: `whsec_` and base64 of 32 random bytes, as the Standard Webhooks specification requires. */
export function newWebhookSecret(now: Date = new Date()): WebhookSecret {
  return {
    secret: `whsec_${randomBytes(BYTES).toString('base64')}`,
    createdAt: now.toISOString(),
    expiresAt: null,
  };
}

/** Returns the secrets that are valid at this time, newest first. */
export function validSecrets(secrets: readonly WebhookSecret[], now: Date = new Date()): WebhookSecret[] {
  return secrets
    .filter(({ expiresAt }) => expiresAt === null || Date.parse(expiresAt) > now.getTime())
    .toSorted((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt));
}

/** Adds a new secret at the front; the previous one stays valid for the overlap, older ones are dropped. */
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
