import { describe, expect, it } from 'vitest';
import { newWebhookSecret, rotated, validSecrets } from './webhook-secrets.js';

const NOON = new Date('2020-01-01T12:00:00Z');
const at = (ms: number): Date => new Date(NOON.getTime() + ms);

describe('newWebhookSecret', () => {
  it('is whsec_ and base64 of 32 bytes, never the same twice', () => {
    const { secret } = newWebhookSecret();
    const bytes = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    expect(bytes).toHaveLength(32);
    expect(`whsec_${bytes.toString('base64')}`).toBe(secret);
    expect(newWebhookSecret().secret).not.toBe(secret);
  });
});

describe('rotated', () => {
  it('puts a new one in front; the one before counts until the overlap is over', () => {
    const before = newWebhookSecret(NOON);
    const secrets = rotated([before], 1_000, at(500));
    expect(validSecrets(secrets, at(1_499)).map(({ secret }) => secret)).toEqual([
      secrets[0].secret,
      before.secret,
    ]);
    expect(validSecrets(secrets, at(1_500))).toEqual([secrets[0]]);
  });

  it('leaves two at most', () => {
    const first = rotated([newWebhookSecret(NOON)], 10_000, at(1));
    const second = rotated(first, 10_000, at(2));
    expect(second.map(({ createdAt }) => createdAt)).toEqual([at(2).toISOString(), at(1).toISOString()]);
  });

  it('ends the one before at once where there is no overlap', () => {
    const secrets = rotated([newWebhookSecret(NOON)], 0, at(1));
    expect(validSecrets(secrets, at(1))).toEqual([secrets[0]]);
  });

  it('begins where there is none', () => {
    expect(rotated([], 1_000, NOON)).toHaveLength(1);
  });
});
