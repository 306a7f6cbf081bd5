import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { Controller, Get, Global, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../../test/support/database.js';
import { Environment } from '../config/environment.js';
import { parseEnvironment } from '../config/load-environment.js';
import { databaseOptions } from '../database/database-options.js';
import { configureHttp } from '../http/configure-http.js';
import { createAdapter } from '../http/fastify-adapter.js';
import { ProjectsModule } from '../projects/projects.module.js';
import { ProjectsService } from '../projects/projects.service.js';
import { AccessTokensService } from './access-tokens.service.js';
import { AuthModule } from './auth.module.js';
import { CurrentCaller, type Caller } from './caller.js';
import { Public, RequireScopes } from './require-scopes.decorator.js';
import type { Scope } from './scopes.js';
import { layCable, type Cable } from './testing/cable.js';
import { TokenSigner } from './token-signer.js';

const TOKEN_SECRET = 'a-secret-for-tests-that-is-long-enough';
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

let database: TestDatabase;
/** Between the application and its database. */
let cable: Cable;
let app: NestFastifyApplication;
let tokens: AccessTokensService;
let projectId: number;

beforeAll(async () => {
  database = await createDatabase();
  cable = await layCable(database.url);
  @Global()
  @Module({
    providers: [{ provide: Environment, useFactory: () => parseEnvironment({ TOKEN_SECRET }) }],
    exports: [Environment],
  })
  class SettingsModule {}
  const module = await Test.createTestingModule({
    imports: [
      SettingsModule,
      TypeOrmModule.forRoot({
        ...databaseOptions({ url: cable.url, poolSize: 5 }),
        autoLoadEntities: true,
      }),
      ProjectsModule,
      AuthModule,
    ],
    controllers: [ProbeController, GuardedController],
  }).compile();
  app = module.createNestApplication<NestFastifyApplication>(createAdapter({ bodyLimit: 100_000 }), {
    logger: false,
    bodyParser: false,
  });
  await configureHttp(app);
  await app.listen(0, '127.0.0.1');
  tokens = app.get(AccessTokensService, { strict: false });
  projectId = (await app.get(ProjectsService, { strict: false }).ensure('guard')).id;
});

afterAll(async () => {
  await app.close();
  await cable.cut();
  await database.drop();
});

interface Answer {
  status: number;
  challenge: string | null;
  body: { error_details?: Record<string, string> } & Record<string, unknown>;
}

async function ask(path: string, authorization?: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(`${await app.getUrl()}/${path}`, {
    ...init,
    headers: {
      ...(authorization !== undefined && { authorization }),
      ...(init.body !== undefined && { 'content-type': 'application/json' }),
    },
  });
  const text = await response.text();
  return {
    status: response.status,
    challenge: response.headers.get('www-authenticate'),
    body: text === '' ? {} : (JSON.parse(text) as Answer['body']),
  };
}

async function issue(scopes: readonly Scope[] = ['public-api:write'], project = projectId) {
  const { token, record } = await tokens.issue({
    projectId: project,
    name: 'test',
    scopes,
    expiresIn: 3_600_000,
  });
  return { bearer: `Bearer ${token}`, token, id: record.id };
}

async function refusal(authorization?: string): Promise<string> {
  const { status, body, challenge } = await ask('probe/write', authorization);
  expect(status).toBe(401);
  expect(Object.keys(body.error_details!)).toEqual(['access_token']);
  expect(challenge).toMatch(authorization === undefined ? /^Bearer$/ : /^Bearer error="invalid_token", /);
  return body.error_details!['access_token']!;
}

describe('a route', () => {
  it('that declares nothing is refused to all', async () => {
    const { bearer } = await issue(['public-api:read', 'public-api:write', 'public-api:admin']);
    expect(await ask('probe/undeclared')).toMatchObject({ status: 403, body: { error_details: HIGHER } });
    expect(await ask('probe/undeclared', bearer)).toMatchObject({ status: 403 });
  });

  it('that is public lets everybody in, with a bad token too', async () => {
    expect((await ask('probe/public')).status).toBe(200);
    expect((await ask('probe/public', 'Bearer nonsense')).status).toBe(200);
  });

  it('with scopes knows its caller', async () => {
    const { bearer, id } = await issue();
    expect(await ask('probe/write', bearer)).toMatchObject({
      status: 200,
      body: { projectId, tokenId: id, scopes: ['public-api:write'] },
    });
    expect((await ask('probe/write', bearer.replace('Bearer ', 'bearer  '))).status).toBe(200);
  });

  it('wants all its scopes, and none implies another', async () => {
    const { bearer } = await issue(['public-api:admin', 'public-api:read']);
    expect(await ask('probe/write', bearer)).toMatchObject({
      status: 403,
      challenge: 'Bearer error="insufficient_scope", scope="public-api:write"',
      body: { status: 403, error: 'Forbidden', error_details: HIGHER },
    });
    expect((await ask('probe/both', bearer)).status).toBe(403);
    expect((await ask('probe/both', (await issue()).bearer)).status).toBe(403);
    const both = await issue(['public-api:read', 'public-api:write']);
    expect((await ask('probe/both', both.bearer)).status).toBe(200);
  });

  it('goes by its own declaration before that of its class', async () => {
    expect((await ask('guarded/open')).status).toBe(200);
    expect((await ask('guarded/other', (await issue(['public-api:read'])).bearer)).status).toBe(200);
    expect((await ask('guarded/other', (await issue(['public-api:admin'])).bearer)).status).toBe(403);
  });
});

describe('a token', () => {
  it('has a sentence for each of its faults', async () => {
    const { token, id } = await issue();
    await tokens.revoke(projectId, id);
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
      'An access token is required: Authorization: Bearer <token>',
      'The Authorization header must be: Bearer <token>',
      'The access token is not one of ours',
      'The access token is not signed by us',
      'The access token has expired',
      'The access token has been revoked',
    ]);
  });

  it.each(['Basic dXNlcjpwYXNz', 'Bearer a b', 'Token abc', 'Bearer ä'])(
    'is not found in %j',
    async (authorization) => {
      const header = Buffer.from(authorization).toString('latin1');
      expect(await refusal(header)).toBe('The Authorization header must be: Bearer <token>');
    },
  );

  it('ends with its row, and with its project', async () => {
    const { id } = await app.get(ProjectsService, { strict: false }).ensure('short-lived');
    const { bearer } = await issue(['public-api:write'], id);
    await database.dataSource.query('DELETE FROM projects WHERE id = $1', [id]);
    expect(await refusal(bearer)).toBe('The access token has been revoked');
  });

  it('ends in another process without a word from this one', async () => {
    const { bearer, id } = await issue();
    // Another process writes the row; this one has not asked about the token yet, or no longer remembers.
    await database.dataSource.query('UPDATE access_tokens SET revoked_at = now() WHERE id = $1', [id]);
    expect(await refusal(bearer)).toBe('The access token has been revoked');
  });

  it('ends at once in the process that revokes it', async () => {
    const { bearer, id } = await issue();
    expect((await ask('probe/write', bearer)).status).toBe(200);
    await tokens.revoke(projectId, id);
    expect(await refusal(bearer)).toBe('The access token has been revoked');
  });

  it('can lose scopes', async () => {
    const { bearer, id } = await issue(['public-api:write']);
    await database.dataSource.query(
      `UPDATE access_tokens SET scopes = '{public-api:read,rubbish}' WHERE id = $1`,
      [id],
    );
    expect((await ask('probe/write', bearer)).status).toBe(403);
  });

  it('is 503 where the database cannot be reached, never 401', async () => {
    const { bearer } = await issue();
    await cable.cut();
    expect(await ask('probe/write', bearer)).toMatchObject({ status: 503, challenge: null });
    await cable.mend();
    expect((await ask('probe/write', bearer)).status).toBe(200);
  });
});

describe('auth/tokens', () => {
  const post = (path: string, bearer: string, body?: object): Promise<Answer> =>
    ask(path, bearer, { method: 'POST', ...(body !== undefined && { body: JSON.stringify(body) }) });
  const newToken = { name: 'archive', scopes: ['public-api:write'], expiresIn: '12h' };
  let admin: string;

  beforeAll(async () => {
    admin = (await issue(['public-api:admin', 'public-api:write'])).bearer;
  });

  it('is for administrators', async () => {
    const { bearer, id } = await issue(['public-api:read', 'public-api:write']);
    expect((await post('auth/tokens', bearer, newToken)).status).toBe(403);
    expect((await ask('auth/tokens', bearer)).status).toBe(403);
    expect((await ask(`auth/tokens/${id}`, bearer, { method: 'DELETE' })).status).toBe(403);
    expect((await post(`auth/tokens/${id}/rotate`, bearer)).status).toBe(403);
    expect((await ask('auth/tokens')).status).toBe(401);
  });

  it('issues a token that works, and shows it this once', async () => {
    const { status, body } = await post('auth/tokens', admin, newToken);
    expect(status).toBe(201);
    expect(body).toMatchObject({ name: 'archive', scopes: ['public-api:write'], revokedAt: null });
    const { createdAt, expiresAt, token, id } = body as Record<string, string>;
    expect(Date.parse(expiresAt!) - Date.parse(createdAt!)).toBe(43_200_000);
    expect((await ask('probe/write', `Bearer ${token}`)).status).toBe(200);
    const { body: list } = await ask('auth/tokens', admin);
    const [newest] = list['results'] as Array<Record<string, unknown>>;
    expect(newest).toMatchObject({ id, name: 'archive' });
    expect(JSON.stringify(list)).not.toContain(token);
    expect(newest).not.toHaveProperty('token');
  });

  it('hands out only what the caller has', async () => {
    const scopes = ['public-api:write', 'public-api:read'];
    expect(await post('auth/tokens', admin, { ...newToken, scopes })).toMatchObject({
      status: 403,
      body: { error_details: HIGHER },
    });
    const { id } = await issue(['public-api:read']);
    expect((await post(`auth/tokens/${id}/rotate`, admin)).status).toBe(403);
  });

  it.each([
    [{ ...newToken, name: ' ' }, 'name'],
    [{ ...newToken, scopes: [] }, 'scopes'],
    [{ ...newToken, scopes: ['public-api:all'] }, 'scopes'],
    [{ ...newToken, scopes: 'public-api:write' }, 'scopes'],
    [{ ...newToken, expiresIn: 'never' }, 'expiresIn'],
    [{ ...newToken, expiresIn: '3651d' }, 'expiresIn'],
    [{ ...newToken, expiresIn: null }, 'expiresIn'],
    [{ ...newToken, projectId: 1 }, 'projectId'],
  ])('refuses %j', async (body, field) => {
    const answer = await post('auth/tokens', admin, body);
    expect(answer.status).toBe(400);
    expect(Object.keys(answer.body.error_details!)).toEqual([field]);
  });

  it('lets a token live for 90 days where nothing is said', async () => {
    const { name, scopes } = newToken;
    const { body } = await post('auth/tokens', admin, { name, scopes });
    const { createdAt, expiresAt } = body as Record<string, string>;
    expect(Date.parse(expiresAt!) - Date.parse(createdAt!)).toBe(90 * 86_400_000);
  });

  it('revokes, and says the same when asked again', async () => {
    const { bearer, id } = await issue();
    expect((await ask(`auth/tokens/${id}`, admin, { method: 'DELETE' })).status).toBe(204);
    expect(await refusal(bearer)).toBe('The access token has been revoked');
    expect((await ask(`auth/tokens/${id}`, admin, { method: 'DELETE' })).status).toBe(204);
  });

  it('knows nothing of other projects, and no id that is none', async () => {
    const other = await app.get(ProjectsService, { strict: false }).ensure('other');
    const { bearer, id } = await issue(['public-api:write'], other.id);
    for (const unknown of [id, randomUUID(), '1', 'x%00y']) {
      const deleted = await ask(`auth/tokens/${unknown}`, admin, { method: 'DELETE' });
      expect(deleted).toMatchObject({
        status: 404,
        body: { error_details: { id: expect.any(String) as string } },
      });
      expect((await post(`auth/tokens/${unknown}/rotate`, admin)).status).toBe(404);
    }
    expect((await ask('probe/write', bearer)).status).toBe(200);
    const { body } = await ask('auth/tokens', admin);
    expect(JSON.stringify(body)).not.toContain(id);
  });

  it('replaces a token by one with the same name, scopes and lifetime; the old one ends', async () => {
    const { bearer, id } = await issue();
    const { status, body } = await post(`auth/tokens/${id}/rotate`, admin);
    expect(status).toBe(200);
    expect(body).toMatchObject({ name: 'test', scopes: ['public-api:write'] });
    const { createdAt, expiresAt, token } = body as Record<string, string>;
    expect(Date.parse(expiresAt!) - Date.parse(createdAt!)).toBe(3_600_000);
    expect((await ask('probe/write', `Bearer ${token}`)).status).toBe(200);
    expect(await refusal(bearer)).toBe('The access token has been revoked');
    expect((await post(`auth/tokens/${id}/rotate`, admin)).status).toBe(409);
  });

  it('lets both count for a while where an overlap is given, which can be cut short', async () => {
    const { bearer, id } = await issue();
    const { body } = await post(`auth/tokens/${id}/rotate?overlap=1h`, admin);
    expect((await ask('probe/write', bearer)).status).toBe(200);
    expect((await ask('probe/write', `Bearer ${String(body['token'])}`)).status).toBe(200);
    expect((await post(`auth/tokens/${id}/rotate`, admin)).status).toBe(409);
    expect((await ask(`auth/tokens/${id}`, admin, { method: 'DELETE' })).status).toBe(204);
    expect(await refusal(bearer)).toBe('The access token has been revoked');
    expect(await post(`auth/tokens/${id}/rotate?overlap=31d`, admin)).toMatchObject({ status: 400 });
  });

  it('replaces a token once, however many ask at once', async () => {
    const { id } = await issue();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => post(`auth/tokens/${id}/rotate`, admin)),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409, 409, 409]);
  });
});

describe('the time of last use', () => {
  it('is noted once a minute over all processes', async () => {
    const { id } = await issue();
    const { AccessTokensRepository } = await import('./access-tokens.repository.js');
    const repository = app.get(AccessTokensRepository, { strict: false });
    const lastUsed = async () => (await repository.find(id))!.lastUsedAt?.getTime();
    await repository.touch(id);
    const first = await lastUsed();
    expect(first).toBeTypeOf('number');
    await repository.touch(id);
    expect(await lastUsed()).toBe(first);
    await database.dataSource.query(
      `UPDATE access_tokens SET last_used_at = now() - interval '61 seconds' WHERE id = $1`,
      [id],
    );
    await repository.touch(id);
    expect(await lastUsed()).toBeGreaterThanOrEqual(first!);
  });
});
