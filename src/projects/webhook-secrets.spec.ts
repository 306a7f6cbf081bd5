import { describe, expect, it } from 'vitest';
import { newWebhookSecret, rotated, validSecrets } from './webhook-secrets.js';

const NOON = new Date('2020-01-01T12:00:00Z');
const at = (ms: number): Date => new Date(NOON.getTime() + ms);

describe('newWebhookSecret', () => {
  it('returns whsec_ and base64 of 32 random bytes', () => {
    const { secret } = newWebhookSecret();
    const bytes = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    expect(bytes).toHaveLength(32);
    expect(`whsec_${bytes.toString('base64')}`).toBe(secret);
    expect(newWebhookSecret().secret).not.toBe(secret);
  });
});

describe('rotated', () => {
  it('adds a new secret before the previous one, which stays valid for the overlap', () => {
    const before = newWebhookSecret(NOON);
    const secrets = rotated([before], 1_000, at(500));
    expect(validSecrets(secrets, at(1_499)).map(({ secret }) => secret)).toEqual([
      secrets[0].secret,
      before.secret,
    ]);
    expect(validSecrets(secrets, at(1_500))).toEqual([secrets[0]]);
  });

  it('keeps at most two secrets', () => {
    const first = rotated([newWebhookSecret(NOON)], 10_000, at(1));
    const second = rotated(first, 10_000, at(2));
    expect(second.map(({ createdAt }) => createdAt)).toEqual([at(2).toISOString(), at(1).toISOString()]);
  });

  it('ends the previous secret at once without an overlap', () => {
    const secrets = rotated([newWebhookSecret(NOON)], 0, at(1));
    expect(validSecrets(secrets, at(1))).toEqual([secrets[0]]);
  });

  it('creates the first secret', () => {
    expect(rotated([], 1_000, NOON)).toHaveLength(1);
  });
});
