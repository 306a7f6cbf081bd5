import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { declareScopes } from './scopes.js';
import { type Answer, type AuthScope, openAuthScope } from './testing/auth-scope.js';

const HIGHER = { access_token: 'The request requires higher privileges' };

let scope: AuthScope;

beforeAll(async () => {
  scope = await openAuthScope();
});
afterAll(() => scope.close());

function post(path: string, bearer: string, body?: object): Promise<Answer> {
  return scope.ask(path, bearer, {
    method: 'POST',
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

/** Whether the guard accepts a token: 403 means that it does, but that the scopes are insufficient here. */
async function isTaken(bearer: string): Promise<boolean> {
  const { status } = await scope.ask('auth/tokens', bearer);
  return status !== 401;
}

/** Lifetime of a newly issued token in milliseconds. */
function lifetimeOf({ createdAt, expiresAt }: Record<string, unknown>): number {
  return Date.parse(String(expiresAt)) - Date.parse(String(createdAt));
}

describe('auth/tokens', () => {
  const newToken = { name: 'archive', scopes: ['public-api:write'], expiresIn: '12h' };
  let admin: string;

  beforeAll(async () => {
    admin = (await scope.issue(['public-api:admin', 'public-api:write'])).bearer;
  });

  it('requires the admin scope', async () => {
    const { bearer, id } = await scope.issue(['public-api:read', 'public-api:write']);
    expect((await post('auth/tokens', bearer, newToken)).status).toBe(403);
    expect((await scope.ask('auth/tokens', bearer)).status).toBe(403);
    expect((await scope.ask(`auth/tokens/${id}`, bearer, { method: 'DELETE' })).status).toBe(403);
    expect((await post(`auth/tokens/${id}/rotate`, bearer)).status).toBe(403);
    expect((await scope.ask('auth/tokens')).status).toBe(401);
  });

  it('issues a working token and shows it only once', async () => {
    const { status, body } = await post('auth/tokens', admin, newToken);
    expect(status).toBe(201);
    expect(body).toMatchObject({ name: 'archive', scopes: ['public-api:write'], revokedAt: null });
    expect(lifetimeOf(body)).toBe(43_200_000);
    expect(await isTaken(`Bearer ${String(body['token'])}`)).toBe(true);
    const { body: list } = await scope.ask('auth/tokens', admin);
    expect(list).toHaveProperty('results.0.id', body['id']);
    expect(list).not.toHaveProperty('results.0.token');
    expect(JSON.stringify(list)).not.toContain(String(body['token']));
  });

  it('grants only scopes that the caller has', async () => {
    const scopes = ['public-api:write', 'public-api:read'];
    expect(await post('auth/tokens', admin, { ...newToken, scopes })).toMatchObject({
      status: 403,
      body: { error_details: HIGHER },
    });
    const { id } = await scope.issue(['public-api:read']);
    expect((await post(`auth/tokens/${id}/rotate`, admin)).status).toBe(403);
  });

  it('issues tokens with the scopes of extensions', async () => {
    const reading = { ...newToken, scopes: ['reports:read'] };
    expect(await post('auth/tokens', admin, reading)).toMatchObject({
      status: 400,
      body: { error_details: { scopes: expect.any(String) } },
    });
    declareScopes({ 'reports:read': 'Read the reports' });
    expect((await post('auth/tokens', admin, reading)).status).toBe(403);
    const { bearer } = await scope.issue(['public-api:admin', 'reports:read']);
    expect(await post('auth/tokens', bearer, reading)).toMatchObject({
      status: 201,
      body: { scopes: ['reports:read'] },
    });
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

  it('issues tokens with a default lifetime of 90 days', async () => {
    const { name, scopes } = newToken;
    const { body } = await post('auth/tokens', admin, { name, scopes });
    expect(lifetimeOf(body)).toBe(90 * 86_400_000);
  });

  it('revokes a token idempotently', async () => {
    const { bearer, id } = await scope.issue();
    expect((await scope.ask(`auth/tokens/${id}`, admin, { method: 'DELETE' })).status).toBe(204);
    expect(await isTaken(bearer)).toBe(false);
    expect((await scope.ask(`auth/tokens/${id}`, admin, { method: 'DELETE' })).status).toBe(204);
  });

  it('answers 404 for tokens of other projects and invalid ids', async () => {
    const other = await scope.projects.ensure('other');
    const { bearer, id } = await scope.issue(['public-api:write'], other.id);
    for (const unknown of [id, randomUUID(), '1', 'x%00y']) {
      const deleted = await scope.ask(`auth/tokens/${unknown}`, admin, { method: 'DELETE' });
      expect(deleted).toMatchObject({
        status: 404,
        body: { error_details: { id: expect.any(String) } },
      });
      expect((await post(`auth/tokens/${unknown}/rotate`, admin)).status).toBe(404);
    }
    expect(await isTaken(bearer)).toBe(true);
    const { body } = await scope.ask('auth/tokens', admin);
    expect(JSON.stringify(body)).not.toContain(id);
  });

  it('rotates a token with the same name, scopes and lifetime, and ends the old one', async () => {
    const { bearer, id } = await scope.issue();
    const { status, body } = await post(`auth/tokens/${id}/rotate`, admin);
    expect(status).toBe(200);
    expect(body).toMatchObject({ name: 'test', scopes: ['public-api:write'] });
    expect(lifetimeOf(body)).toBe(3_600_000);
    expect(await isTaken(`Bearer ${String(body['token'])}`)).toBe(true);
    expect(await isTaken(bearer)).toBe(false);
    expect((await post(`auth/tokens/${id}/rotate`, admin)).status).toBe(409);
  });

  it('keeps both tokens valid during an overlap that can be cut short', async () => {
    const { bearer, id } = await scope.issue();
    const { body } = await post(`auth/tokens/${id}/rotate?overlap=1h`, admin);
    expect(await isTaken(bearer)).toBe(true);
    expect(await isTaken(`Bearer ${String(body['token'])}`)).toBe(true);
    expect((await post(`auth/tokens/${id}/rotate`, admin)).status).toBe(409);
    expect((await scope.ask(`auth/tokens/${id}`, admin, { method: 'DELETE' })).status).toBe(204);
    expect(await isTaken(bearer)).toBe(false);
    expect(await post(`auth/tokens/${id}/rotate?overlap=31d`, admin)).toMatchObject({ status: 400 });
  });

  it('rotates a token only once under concurrent requests', async () => {
    const { id } = await scope.issue();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => post(`auth/tokens/${id}/rotate`, admin)),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409, 409, 409, 409]);
  });
});
