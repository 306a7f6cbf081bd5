import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { Controller, Get } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccessTokensRepository } from './access-tokens.repository.js';
import { CurrentCaller, type Caller } from './caller.js';
import { Public, RequireScopes } from './require-scopes.decorator.js';
import { type AuthScope, openAuthScope, TOKEN_SECRET } from './testing/auth-scope.js';
import { TokenSigner } from './token-signer.js';

const HIGHER = { access_token: 'The request requires higher privileges' };

@Controller('probe')
class ProbeController {
  @Get('public')
  @Public()
  open(): object {
    return { open: true };
  }

  @Get('undeclared')
  undeclared(): object {
    return { open: true };
  }

  @Get('write')
  @RequireScopes('public-api:write')
  write(@CurrentCaller() caller: Caller): Caller {
    return caller;
  }

  @Get('both')
  @RequireScopes('public-api:write', 'public-api:read')
  both(): object {
    return {};
  }
}

@Controller('guarded')
@RequireScopes('public-api:admin')
class GuardedController {
  @Get('open')
  @Public()
  open(): object {
    return {};
  }

  @Get('other')
  @RequireScopes('public-api:read')
  other(): object {
    return {};
  }
}

let scope: AuthScope;
let projectId: number;

beforeAll(async () => {
  scope = await openAuthScope([ProbeController, GuardedController]);
  ({ projectId } = scope);
});
afterAll(() => scope.close());

async function refusal(authorization?: string): Promise<string> {
  const { status, body, challenge } = await scope.ask('probe/write', authorization);
  expect(status).toBe(401);
  expect(Object.keys(body.error_details!)).toEqual(['access_token']);
  expect(challenge).toMatch(authorization === undefined ? /^Bearer$/ : /^Bearer error="invalid_token", /);
  return body.error_details!['access_token'];
}

describe('a route', () => {
  it('without a declaration is refused to everyone', async () => {
    const { bearer } = await scope.issue(['public-api:read', 'public-api:write', 'public-api:admin']);
    expect(await scope.ask('probe/undeclared')).toMatchObject({
      status: 403,
      body: { error_details: HIGHER },
    });
    expect(await scope.ask('probe/undeclared', bearer)).toMatchObject({ status: 403 });
  });

  it('that is public accepts every request, even with an invalid token', async () => {
    expect((await scope.ask('probe/public')).status).toBe(200);
    expect((await scope.ask('probe/public', 'Bearer nonsense')).status).toBe(200);
  });

  it('with scopes receives its caller', async () => {
    const { bearer, id } = await scope.issue();
    expect(await scope.ask('probe/write', bearer)).toMatchObject({
      status: 200,
      body: { projectId, tokenId: id, name: expect.any(String), scopes: ['public-api:write'] },
    });
    expect((await scope.ask('probe/write', bearer.replace('Bearer ', 'bearer  '))).status).toBe(200);
    // As pasted into Authorize of Swagger UI, which adds the scheme.
    expect((await scope.ask('probe/write', `Bearer ${bearer}`)).status).toBe(200);
  });

  it('requires all its scopes, none of which implies another', async () => {
    const { bearer } = await scope.issue(['public-api:admin', 'public-api:read']);
    expect(await scope.ask('probe/write', bearer)).toMatchObject({
      status: 403,
      challenge: 'Bearer error="insufficient_scope", scope="public-api:write"',
      body: {
        status: 403,
        error: 'Forbidden',
        error_details: { ...HIGHER, scope: 'Needs an access token with the scope public-api:write' },
      },
    });
    expect(await scope.ask('probe/both', bearer)).toMatchObject({
      status: 403,
      challenge: 'Bearer error="insufficient_scope", scope="public-api:write public-api:read"',
      body: {
        error_details: {
          ...HIGHER,
          scope: 'Needs an access token with the scopes public-api:write and public-api:read',
        },
      },
    });
    expect((await scope.ask('probe/both', (await scope.issue()).bearer)).status).toBe(403);
    const both = await scope.issue(['public-api:read', 'public-api:write']);
    expect((await scope.ask('probe/both', both.bearer)).status).toBe(200);
  });

  it('uses its own declaration before that of its class', async () => {
    expect((await scope.ask('guarded/open')).status).toBe(200);
    expect((await scope.ask('guarded/other', (await scope.issue(['public-api:read'])).bearer)).status).toBe(
      200,
    );
    expect((await scope.ask('guarded/other', (await scope.issue(['public-api:admin'])).bearer)).status).toBe(
      403,
    );
  });
});

describe('a token', () => {
  it('has a distinct sentence for each fault', async () => {
    const { token, id } = await scope.issue();
    await scope.tokens.revoke(projectId, id);
    const createdAt = new Date(Date.now() - 7_200_000);
    const old = { id: randomUUID(), projectId, name: 'old', scopes: ['public-api:write'], createdAt };
    const expired = {
      ...old,
      expiresAt: new Date(Date.now() - 3_600_000),
      revokedAt: null,
      lastUsedAt: null,
    };
    const faults = [
      await refusal(),
      await refusal('Bearer'),
      await refusal('Bearer not-a-token'),
      await refusal(`Bearer ${await new TokenSigner('another-secret'.repeat(3)).sign(expired)}`),
      await refusal(`Bearer ${await new TokenSigner(TOKEN_SECRET).sign(expired)}`),
      await refusal(`Bearer ${token}`),
    ];
    expect(faults).toEqual([
      'Access token required; send Authorization: Bearer <token>',
      'Malformed Authorization header; send Authorization: Bearer <token>',
      'The access token was not issued by this service',
      'The signature of the access token is invalid',
      'The access token has expired',
      'The access token has been revoked',
    ]);
  });

  it.each(['Basic dXNlcjpwYXNz', 'Bearer a b', 'Token abc', 'Bearer ä'])(
    'is not found in the header %j',
    async (authorization) => {
      const header = Buffer.from(authorization).toString('latin1');
      expect(await refusal(header)).toBe(
        'Malformed Authorization header; send Authorization: Bearer <token>',
      );
    },
  );

  it('becomes invalid when its row or its project is deleted', async () => {
    const { id } = await scope.projects.ensure('short-lived');
    const { bearer } = await scope.issue(['public-api:write'], id);
    await scope.database.dataSource.query('DELETE FROM projects WHERE id = $1', [id]);
    expect(await refusal(bearer)).toBe('The access token has been revoked');
  });

  it('becomes invalid in other processes without notification', async () => {
    const { bearer, id } = await scope.issue();
    // Another process writes the row; this one has not looked up the token yet, or its cache entry has expired.
    await scope.database.dataSource.query('UPDATE access_tokens SET revoked_at = now() WHERE id = $1', [id]);
    expect(await refusal(bearer)).toBe('The access token has been revoked');
  });

  it('becomes invalid at once in the process that revokes it', async () => {
    const { bearer, id } = await scope.issue();
    expect((await scope.ask('probe/write', bearer)).status).toBe(200);
    await scope.tokens.revoke(projectId, id);
    expect(await refusal(bearer)).toBe('The access token has been revoked');
  });

  it('loses scopes that are removed from its row', async () => {
    const { bearer, id } = await scope.issue(['public-api:write']);
    await scope.database.dataSource.query(
      `UPDATE access_tokens SET scopes = '{public-api:read,rubbish}' WHERE id = $1`,
      [id],
    );
    expect((await scope.ask('probe/write', bearer)).status).toBe(403);
  });

  it('gets 503 while the database is unavailable, never 401', async () => {
    const { bearer } = await scope.issue();
    await scope.cable.cut();
    expect(await scope.ask('probe/write', bearer)).toMatchObject({ status: 503, challenge: null });
    await scope.cable.mend();
    expect((await scope.ask('probe/write', bearer)).status).toBe(200);
  });
});

describe('the time of last use', () => {
  it('is recorded once a minute across all processes', async () => {
    const { id } = await scope.issue();
    const repository = scope.app.get(AccessTokensRepository, { strict: false });
    const lastUsed = async () => (await repository.find(id))!.lastUsedAt?.getTime();
    await repository.touch(id);
    const first = await lastUsed();
    expect(first).toBeTypeOf('number');
    await repository.touch(id);
    expect(await lastUsed()).toBe(first);
    await scope.database.dataSource.query(
      `UPDATE access_tokens SET last_used_at = now() - interval '61 seconds' WHERE id = $1`,
      [id],
    );
    await repository.touch(id);
    expect(await lastUsed()).toBeGreaterThanOrEqual(first!);
  });
});
