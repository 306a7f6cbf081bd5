import 'reflect-metadata';
import { createPublicKey, createSecretKey } from 'node:crypto';
import { Controller, Get } from '@nestjs/common';
import { type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { blocksOf } from '../../test/support/document-owners.js';
import { parseEnvironment } from '../config/parse-environment.js';
import { ApiError } from '../http/api-error.js';
import { CurrentCaller, type Caller } from './caller.js';
import { IdentityProvider, type Identity } from './identity-provider.js';
import { RequireScopes } from './require-scopes.decorator.js';
import { type AuthScope, openAuthScope } from './testing/auth-scope.js';
import {
  createProviderKey,
  type JwksServer,
  type ProviderKey,
  startJwksServer,
} from './testing/jwks-server.js';
import { TokenError } from './token-error.js';

const TOKEN_ISSUER = 'https://login.example.com/';
const TOKEN_AUDIENCE = 'reelport';

let key: ProviderKey;
let server: JwksServer;

beforeAll(async () => {
  key = await createProviderKey();
});
beforeEach(async () => {
  server = await startJwksServer(key);
});
afterEach(() => server.stop().catch(() => undefined)); // some of these specs have stopped it

function settings(more: Record<string, string> = {}): Record<string, string> {
  return { TOKEN_JWKS_URL: server.url, TOKEN_ISSUER, TOKEN_AUDIENCE, ...more };
}

function providerFor(more: Record<string, string> = {}, cooldownMs = 0): IdentityProvider {
  return new IdentityProvider(parseEnvironment(settings(more)), cooldownMs);
}

function inSeconds(seconds: number): number {
  return Math.floor(Date.now() / 1_000) + seconds;
}

function claims(change: JWTPayload = {}): JWTPayload {
  return {
    iss: TOKEN_ISSUER,
    aud: TOKEN_AUDIENCE,
    sub: 'archive',
    exp: inSeconds(300),
    project: 'demo',
    scope: 'openid public-api:write public-api:read',
    ...change,
  };
}

function without(name: string): JWTPayload {
  return Object.fromEntries(Object.entries(claims()).filter(([claim]) => claim !== name));
}

/** The fault of a token, or the status of the error. */
async function refusal(token: string, provider = providerFor()): Promise<string | number> {
  const error: unknown = await provider.verify(token).then(
    (identity) => new Error(`The token was accepted: ${JSON.stringify(identity)}`),
    (reason: unknown) => reason,
  );
  if (error instanceof TokenError) return error.fault;
  if (error instanceof ApiError) return error.statusCode;
  throw error;
}

async function idOf(payload: JWTPayload): Promise<string> {
  return (await providerFor().verify(await key.sign(payload))).id;
}

describe('a token of the identity provider', () => {
  it('yields its project and scopes, without scopes of other services', async () => {
    const exp = inSeconds(300);
    expect(await providerFor().verify(await key.sign(claims({ exp })))).toEqual<Identity>({
      id: expect.stringMatching(/^identity:[\w-]{43}$/),
      name: String(claims().sub),
      project: 'demo',
      scopes: ['public-api:write', 'public-api:read'],
      expiresAt: (exp + 30) * 1_000,
    });
  });

  it.each([
    [{ preferred_username: 'jane', client_id: 'app' }, 'jane'],
    [{ preferred_username: 7, client_id: 'app' }, 'app'],
    [{ preferred_username: '', sub: 'a\0b' }, 'ab'],
    [{ sub: 'x'.repeat(300) }, 'x'.repeat(255)],
  ])('is named by its claims %j', async (given, name) => {
    expect((await providerFor().verify(await key.sign(claims(given)))).name).toBe(name);
  });

  it.each([
    ['scopes', ['public-api:read', 7]],
    ['https://example.com/scopes', 'public-api:read'],
  ])('may carry its scopes in the claim %s', async (claim, value) => {
    const provider = providerFor({ TOKEN_SCOPE_CLAIM: claim });
    const { scopes } = await provider.verify(await key.sign(claims({ [claim]: value })));
    expect(scopes).toEqual(['public-api:read']);
  });

  it('may be the one that docs/operations.md shows', async () => {
    const [sample, ...others] = blocksOf('src/auth/identity-provider.spec.ts', 'docs/operations.md');
    expect(others).toEqual([]);
    const shown: JWTPayload = JSON.parse(sample.text);
    expect(shown.exp).toEqual(expect.any(Number));
    const token = await key.sign({ ...shown, exp: inSeconds(300) });
    expect(await providerFor().verify(token)).toMatchObject({
      name: shown.sub,
      project: shown['project'],
      scopes: [shown['scope']],
    });
  });

  it('may carry its project in another claim', async () => {
    const provider = providerFor({ TOKEN_PROJECT_CLAIM: 'https://example.com/tenant' });
    const token = await key.sign(claims({ 'https://example.com/tenant': 'other' }));
    expect(await provider.verify(token)).toMatchObject({ project: 'other' });
  });

  it.each(['ES256', 'PS256', 'EdDSA'])('may be signed with %s', async (alg) => {
    const other = await createProviderKey(alg);
    server.show(other);
    const token = await other.sign(claims());
    expect(providerFor().isFor(token)).toBe(true);
    expect(await providerFor().verify(token)).toMatchObject({ project: 'demo' });
  });

  it.each<[string, JWTPayload]>([
    ['issuer', claims({ iss: 'https://evil.example.com/' })],
    ['issuer', claims({ iss: TOKEN_ISSUER.slice(0, -1) })],
    ['audience', claims({ aud: 'another service' })],
    ['expired', claims({ exp: inSeconds(-31) })],
    ['early', claims({ nbf: inSeconds(60) })],
    ['claims', claims({ project: 7 })],
    ['issuer', without('iss')],
    ['audience', without('aud')],
    ['claims', without('exp')],
    ['claims', without('sub')],
    ['claims', without('project')],
  ])('is refused for its %s: %j', async (fault, payload) => {
    expect(await refusal(await key.sign(payload))).toBe(fault);
  });

  it.each<[string, JWTPayload]>([
    ['exp', claims({ exp: inSeconds(-10) })],
    ['nbf', claims({ nbf: inSeconds(10) })],
  ])('tolerates a clock difference: %s', async (_claim, payload) => {
    expect(await providerFor().verify(await key.sign(payload))).toMatchObject({ project: 'demo' });
  });

  it('is identified by its subject and project, not by the token', async () => {
    const id = await idOf(claims());
    expect(await idOf(claims({ jti: 'another' }))).toBe(id);
    expect(await idOf(claims({ sub: 'b' }))).not.toBe(id);
    expect(await idOf(claims({ project: 'b' }))).not.toBe(id);
  });
});

describe('verification of a token', () => {
  it('never uses a public key as a shared secret', async () => {
    const pem = createPublicKey({ key: { ...key.publicJwk }, format: 'jwk' }).export({
      type: 'spki',
      format: 'pem',
    });
    const forged = await new SignJWT(claims())
      .setProtectedHeader({ alg: 'HS256', kid: String(key.publicJwk.kid) })
      .sign(createSecretKey(Buffer.from(pem)));
    expect(providerFor().isFor(forged)).toBe(false);
    expect(await refusal(forged)).toBe('signature');
  });

  it('never accepts the algorithm "none"', async () => {
    const unsigned = new UnsecuredJWT(claims()).encode();
    expect(providerFor().isFor(unsigned)).toBe(false);
    expect(await refusal(`${unsigned}AAAA`)).toBe('signature');
  });

  it('requires the algorithm of the key, not another one of the same family', async () => {
    const [header, ...rest] = (await key.sign(claims())).split('.');
    const changed: object = JSON.parse(Buffer.from(header, 'base64url').toString());
    const forged = Buffer.from(JSON.stringify({ ...changed, alg: 'RS512' })).toString('base64url');
    expect(await refusal([forged, ...rest].join('.'))).toBe('signature');
  });

  it('uses keys of the provider, not one embedded in the token', async () => {
    const stranger = await createProviderKey();
    const token = await stranger.sign(claims(), { kid: String(key.publicJwk.kid) });
    expect(await refusal(token)).toBe('signature');
  });

  it.each(['x', 'a.b.c', ''])('leaves %j to the check of own tokens', (text) => {
    expect(providerFor().isFor(text)).toBe(false);
  });

  it('is off without a configured provider', async () => {
    const token = await key.sign(claims());
    const none = new IdentityProvider(parseEnvironment({}));
    expect(none.isFor(token)).toBe(false);
    expect(await refusal(token, none)).toBe('signature');
  });
});

describe('the keys of the provider', () => {
  it('are fetched once', async () => {
    const provider = providerFor({}, 60_000);
    for (const sub of ['a', 'b']) await provider.verify(await key.sign(claims({ sub })));
    expect(server.asked()).toBe(1);
  });

  it('are fetched again when a token names a new key, which ends the old one', async () => {
    const provider = providerFor();
    await provider.verify(await key.sign(claims()));
    const next = await createProviderKey();
    server.show(next);
    expect(await provider.verify(await next.sign(claims()))).toMatchObject({ project: 'demo' });
    expect(await refusal(await key.sign(claims()), provider)).toBe('signature');
  });

  it('are fetched again at once when a token names a new key', async () => {
    const provider = providerFor({}, 60_000);
    await provider.verify(await key.sign(claims()));
    const next = await createProviderKey();
    server.show(key, next);
    const tokens = await Promise.all(['a', 'b', 'c'].map((sub) => next.sign(claims({ sub }))));
    const identities = await Promise.all(tokens.map((token) => provider.verify(token)));
    expect(identities).toMatchObject(tokens.map(() => ({ project: 'demo' })));
    expect(await provider.verify(await key.sign(claims()))).toMatchObject({ project: 'demo' });
    expect(server.asked()).toBe(2);
  });

  it('are not fetched repeatedly for tokens with invented keys', async () => {
    const provider = providerFor({}, 60_000);
    await provider.verify(await key.sign(claims()));
    const stranger = await createProviderKey();
    const refusals: Array<string | number> = [];
    for (const kid of ['a', 'b', 'a', 'c', 'd', 'e', 'f', 'g', 'e']) {
      refusals.push(await refusal(await stranger.sign(claims(), { kid }), provider));
    }
    const no = 'signature';
    expect(refusals).toEqual([no, no, no, no, no, no, 503, 503, no]);
    // Retry-After is the rest of the cooldown.
    await expect(provider.verify(await stranger.sign(claims(), { kid: 'h' }))).rejects.toMatchObject({
      statusCode: 503,
      headers: { 'retry-after': expect.stringMatching(/^[1-6]?\d$/) },
    });
    expect(server.asked()).toBe(1 + 5);
    expect(await provider.verify(await key.sign(claims()))).toMatchObject({ project: 'demo' });
  });

  it('remain valid for a while during an outage of the provider', async () => {
    const provider = providerFor();
    await provider.verify(await key.sign(claims()));
    await server.stop();
    expect(await provider.verify(await key.sign(claims({ sub: 'another' })))).toMatchObject({
      project: 'demo',
    });
  });

  it('cause 503 while unavailable, because the token may be valid', async () => {
    const provider = providerFor();
    const token = await key.sign(claims());
    await server.stop();
    expect(await refusal(token, provider)).toBe(503);
    await server.start();
    expect(await provider.verify(token)).toMatchObject({ project: 'demo' });
  });

  it.each([
    [500, '{}'],
    [200, 'not JSON'],
    [200, '{"keys":"none"}'],
  ])('cause 503 if the provider answers %i %s', async (status, body) => {
    server.answer(status, body);
    expect(await refusal(await key.sign(claims()))).toBe(503);
  });
});

describe('a request with a token of the identity provider', () => {
  @Controller('probe')
  class ProbeController {
    @Get()
    @RequireScopes('public-api:write')
    get(@CurrentCaller() caller: Caller): Caller {
      return caller;
    }
  }

  let scope: AuthScope;

  beforeEach(async () => {
    scope = await openAuthScope([ProbeController], settings());
  });
  afterEach(() => scope.close());

  async function ask(payload: JWTPayload) {
    return scope.ask('probe', `Bearer ${await key.sign(payload)}`);
  }

  it('is admitted as a caller of the project', async () => {
    expect(await ask(claims())).toMatchObject({
      status: 200,
      body: {
        projectId: scope.projectId,
        tokenId: expect.stringMatching(/^identity:/),
        scopes: ['public-api:write', 'public-api:read'],
      },
    });
  });

  it('does not affect own tokens', async () => {
    const { bearer } = await scope.issue();
    expect((await scope.ask('probe', bearer)).status).toBe(200);
  });

  it('gets 401 for an unknown or invalid project', async () => {
    const challenge =
      'Bearer error="invalid_token", error_description="The project of the access token does not exist"';
    expect(await ask(claims({ project: 'nobody' }))).toMatchObject({ status: 401, challenge });
    expect((await ask(claims({ project: 'x\u0000' }))).status).toBe(401);
  });

  it('gets 403 without the scope', async () => {
    expect((await ask(claims({ scope: 'public-api:read' }))).status).toBe(403);
    expect((await ask(without('scope'))).status).toBe(403);
  });

  it('gets 503 with Retry-After while the keys are unavailable', async () => {
    await server.stop();
    expect(await ask(claims())).toMatchObject({
      status: 503,
      challenge: null,
      retryAfter: '5',
      body: { error_details: { service: expect.stringContaining('identity provider') } },
    });
  });

  it('cannot grant scopes that it lacks', async () => {
    const bearer = `Bearer ${await key.sign(claims({ scope: 'public-api:admin public-api:read' }))}`;
    const issue = (scopes: string[]) =>
      scope.ask('auth/tokens', bearer, { method: 'POST', body: JSON.stringify({ name: 'x', scopes }) });
    expect((await issue(['public-api:read'])).status).toBe(201);
    expect((await issue(['public-api:write'])).status).toBe(403);
  });
});

describe('the configuration', () => {
  it('requires issuer and audience with a JWKS URL', () => {
    expect(() => parseEnvironment({ TOKEN_JWKS_URL: 'https://login.example.com/keys' })).toThrow(
      /TOKEN_ISSUER is required[\s\S]*TOKEN_AUDIENCE is required/,
    );
  });
});
