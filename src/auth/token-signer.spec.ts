import { createSecretKey, randomUUID } from 'node:crypto';
import { SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import type { AccessToken } from './access-token.entity.js';
import { TokenError } from './token-error.js';
import { TokenSigner } from './token-signer.js';

const SECRET = 'a-secret-for-tests-that-is-long-enough';
const signer = new TokenSigner(SECRET);

function record(change: Partial<AccessToken> = {}): AccessToken {
  const createdAt = new Date();
  return {
    id: randomUUID(),
    projectId: 7,
    name: 'test',
    scopes: ['public-api:read', 'public-api:write'],
    createdAt,
    expiresAt: new Date(createdAt.getTime() + 3_600_000),
    revokedAt: null,
    lastUsedAt: null,
    ...change,
  };
}

async function faultOf(token: string, by = signer): Promise<string> {
  const error: unknown = await by.verify(token).then(
    () => new Error('The token was accepted'),
    (reason: unknown) => reason,
  );
  if (error instanceof TokenError) return error.fault;
  throw error;
}

function part(token: string, index: number): Record<string, unknown> {
  const claims: Record<string, unknown> = JSON.parse(
    Buffer.from(token.split('.')[index], 'base64url').toString(),
  );
  return claims;
}

describe('TokenSigner', () => {
  it('verifies what it signs', async () => {
    const token = record();
    expect(await signer.verify(await signer.sign(token))).toBe(token.id);
  });

  it('encodes project and scopes, and identifies its key without revealing it', async () => {
    const { id, createdAt, expiresAt, ...rest } = record();
    const token = await signer.sign({ id, createdAt, expiresAt, ...rest });
    expect(part(token, 1)).toEqual({
      iss: 'reelport',
      jti: id,
      sub: '7',
      scope: 'public-api:read public-api:write',
      iat: Math.floor(createdAt.getTime() / 1_000),
      exp: Math.floor(expiresAt!.getTime() / 1_000),
    });
    const header = part(token, 0);
    expect(header).toEqual({ alg: 'HS256', typ: 'JWT', kid: expect.stringMatching(/^[\w-]{12}$/) });
    expect(part(await new TokenSigner(`${SECRET}2`).sign(record()), 0)['kid']).not.toBe(header['kid']);
  });

  it('refuses signatures of other keys', async () => {
    const token = await signer.sign(record());
    expect(await faultOf(token, new TokenSigner(`${SECRET}2`))).toBe('signature');
    const [header, , signature] = token.split('.');
    const payload = { ...part(token, 1), scope: 'public-api:admin' };
    const forged = Buffer.from(JSON.stringify(payload)).toString('base64url');
    expect(await faultOf(`${header}.${forged}.${signature}`)).toBe('signature');
  });

  it('does not let a token choose its algorithm', async () => {
    const { iss, ...claims } = part(await signer.sign(record()), 1);
    const key = createSecretKey(Buffer.from(SECRET.repeat(2)));
    const stronger = await new SignJWT({ ...claims, iss: String(iss) })
      .setProtectedHeader({ alg: 'HS512' })
      .sign(key);
    expect(await faultOf(stronger, new TokenSigner(SECRET.repeat(2)))).toBe('signature');
    const unsigned = new UnsecuredJWT({ ...claims, iss: String(iss) }).encode();
    expect(['signature', 'malformed']).toContain(await faultOf(unsigned));
    expect(await faultOf(`${unsigned}AAAA`)).toBe('signature');
  });

  it('refuses an expired token', async () => {
    const expiresAt = new Date(Date.now() - 10_000);
    expect(await faultOf(await signer.sign(record({ expiresAt })))).toBe('expired');
  });

  it.each(['abc', 'a.b', 'a.b.c', '..', 'e30.e30.', `${'a'.repeat(5_000)}.b.c`])(
    'refuses %j',
    async (text) => {
      expect(['malformed', 'signature']).toContain(await faultOf(text));
    },
  );

  it('refuses a correctly signed JWT that is not an access token', async () => {
    const key = createSecretKey(Buffer.from(SECRET));
    const jwt = (claims: Record<string, string>) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).setIssuedAt().sign(key);
    expect(await faultOf(await jwt({ iss: 'reelport', sub: '1' }))).toBe('malformed');
    expect(await faultOf(await jwt({ iss: 'another', sub: '1', jti: randomUUID() }))).toBe('malformed');
  });

  it('accepts signatures of previous keys and signs with the current one', async () => {
    const old = new TokenSigner(SECRET);
    const [next, last] = [`${SECRET}-next`, `${SECRET}-last`];
    const token = await old.sign(record());
    const both = new TokenSigner(next, [last, SECRET]);
    expect(await both.verify(token)).toBe(part(token, 1)['jti']);
    expect(await faultOf(token, new TokenSigner(next, [last]))).toBe('signature');
    const fresh = await both.sign(record());
    expect(await new TokenSigner(next).verify(fresh)).toBe(part(fresh, 1)['jti']);
    expect(await faultOf(fresh, old)).toBe('signature');
  });

  it('does not confuse keys, whatever key id the token names', async () => {
    const both = new TokenSigner(`${SECRET}-next`, [SECRET]);
    const { kid } = part(await both.sign(record()), 0);
    const key = createSecretKey(Buffer.from(SECRET));
    const jwt = (header: object) =>
      new SignJWT({ iss: 'reelport', sub: '1', jti: randomUUID() })
        .setProtectedHeader({ alg: 'HS256', ...header })
        .setIssuedAt()
        .sign(key);
    expect(await faultOf(await jwt({ kid }), both)).toBe('signature');
    expect(await faultOf(await jwt({ kid: '__proto__' }), both)).toBe('signature');
    const present = await new SignJWT({ iss: 'reelport', sub: '1', jti: randomUUID() })
      .setProtectedHeader({ alg: 'HS256', kid: 'unknown' })
      .setIssuedAt()
      .sign(key);
    expect(await faultOf(present)).toBe('signature');
    // Without a key id the current key applies.
    expect(await faultOf(await jwt({}), both)).toBe('signature');
  });

  it('refuses a token before its nbf time', async () => {
    const key = createSecretKey(Buffer.from(SECRET));
    const jwt = (nbf: string) =>
      new SignJWT({ iss: 'reelport', sub: '1', jti: 'x' })
        .setProtectedHeader({ alg: 'HS256' })
        .setIssuedAt()
        .setNotBefore(nbf)
        .sign(key);
    expect(await faultOf(await jwt('60s'))).toBe('early');
    expect(await signer.verify(await jwt('2s'))).toBe('x');
  });
});
