import { randomUUID } from 'node:crypto';
import { SignJWT, decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Scope } from '../../src/auth/scopes.js';
import { ApiClient, type ApiAnswer } from '../support/api.js';
import { startReelport, type Reelport, type TestProject } from '../support/reelport.js';

const ALL: readonly Scope[] = ['public-api:admin', 'public-api:read', 'public-api:write'];
const ADMIN: readonly Scope[] = ['public-api:admin'];
const TOKENS = '/api/v1/auth/tokens';
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
const DAY_MS = 86_400_000;
const NOT_OURS = 'The access token was not issued by this service';
const NOT_SIGNED_BY_US = 'The signature of the access token is invalid';
const REVOKED = 'The access token has been revoked';
const FORBIDDEN = {
  status: 403,
  error: 'Forbidden',
  error_details: { access_token: 'The request requires higher privileges' },
};

/** As the scopes of a route answer, which name themselves. */
const outOfScope = (scope: unknown): object => ({
  ...FORBIDDEN,
  error_details: { ...FORBIDDEN.error_details, scope },
});

interface ShownToken {
  id: string;
  name: string;
  scopes: string[];
  createdAt: string;
  expiresAt: string | null;
  revokedAt: string | null;
  lastUsedAt: string | null;
  token?: string;
}

let reelport: Reelport;
let project: TestProject;
let token: string;
let admin: ApiClient;

beforeAll(async () => {
  reelport = await startReelport();
});

afterAll(async () => {
  await reelport?.remove();
});

beforeEach(async () => {
  project = await reelport.createProject();
  token = await reelport.createToken(project, ALL);
  admin = new ApiClient(reelport.url, token);
});

/** Sends a request that needs `public-api:read`, with any Authorization header. */
async function ask(authorization?: string): Promise<ApiAnswer> {
  const response = await fetch(`${reelport.url}/api/v1/videos`, {
    headers: authorization === undefined ? {} : { authorization },
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** The parts of an answer that concern the token. Every 401 carries a challenge (RFC 6750, section 3). */
function refusalOf({ status, headers, body }: ApiAnswer) {
  return { status, challenge: headers.get('www-authenticate'), body };
}

function unauthorized(sentence: string) {
  return {
    status: 401,
    challenge: expect.stringMatching(/^Bearer($| )/),
    body: { status: 401, error: 'Unauthorized', error_details: { access_token: sentence } },
  };
}

async function issue(body: Record<string, unknown>, by: ApiClient = admin) {
  return by.call<Required<ShownToken>>('POST', TOKENS, { body });
}

async function list(by: ApiClient = admin): Promise<ShownToken[]> {
  return (await by.call<{ results: ShownToken[] }>('GET', TOKENS)).body.results;
}

describe('the access token', () => {
  it('grants access', async () => {
    expect(await ask(`Bearer ${token}`)).toMatchObject({ status: 200, body: { results: [] } });
  });

  it.each(['bearer', 'BEARER'])('accepts the scheme spelled %s', async (scheme) => {
    expect((await ask(`${scheme} ${token}`)).status).toBe(200);
  });

  it('is required: a request without one gets a 401', async () => {
    const answer = await ask();
    expect(refusalOf(answer)).toEqual(
      unauthorized('Access token required; send Authorization: Bearer <token>'),
    );
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  it.each(['Bearer', 'Basic dXNlcjpwYXNzd29yZA==', 'Bearer two words', 'token', 'Bearer "quoted"'])(
    'cannot be read from the header %j',
    async (header) => {
      expect(refusalOf(await ask(header))).toEqual(
        unauthorized('Malformed Authorization header; send Authorization: Bearer <token>'),
      );
    },
  );

  it.each(['x', 'a.b', 'a.b.c', 'eyJhbGciOiJIUzI1NiJ9.e30', '....'])(
    'refuses the malformed token %j',
    async (text) => {
      expect(refusalOf(await ask(`Bearer ${text}`))).toEqual(unauthorized(NOT_OURS));
    },
  );

  it('is refused if another key signed it', async () => {
    const claims = decodeJwt(token);
    const forged = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .sign(new TextEncoder().encode('another secret that is long enough to sign'));
    expect(refusalOf(await ask(`Bearer ${forged}`))).toEqual(unauthorized(NOT_SIGNED_BY_US));
  });

  it('is refused if its claims were changed', async () => {
    const [header, , signature] = token.split('.');
    const claims = encode({ ...decodeJwt(token), sub: '1' });
    expect(refusalOf(await ask(`Bearer ${header}.${claims}.${signature}`))).toEqual(
      unauthorized(NOT_SIGNED_BY_US),
    );
  });

  it('is refused without a signature', async () => {
    const claims = encode(decodeJwt(token));
    for (const alg of ['none', 'None', 'NONE']) {
      const unsigned = `${encode({ alg, typ: 'JWT' })}.${claims}.`;
      expect(refusalOf(await ask(`Bearer ${unsigned}`))).toEqual(unauthorized(NOT_SIGNED_BY_US));
    }
  });

  it.each([60_000, 1_000])('is refused %i ms after it expired', async (ago) => {
    const expired = await reelport.createToken(project, ALL, -ago);
    expect(refusalOf(await ask(`Bearer ${expired}`))).toEqual(unauthorized('The access token has expired'));
  });

  it('is refused after its revocation, also by another process', async () => {
    const other = await startReelport({ DATABASE_URL: reelport.database.url, DATA_DIR: reelport.dataDir }, [
      'main',
    ]);
    try {
      const revoked = decodeJwt(token).jti;
      const there = async () => {
        const { status, body } = await new ApiClient(other.url, token).call('GET', '/api/v1/videos');
        return { status, body };
      };
      expect(await there()).toMatchObject({ status: 200 });
      const keeper = new ApiClient(reelport.url, await reelport.createToken(project, ADMIN));
      expect((await keeper.call('DELETE', `${TOKENS}/${revoked}`)).status).toBe(204);
      expect((await ask(`Bearer ${token}`)).status).toBe(401);
      await expect.poll(there).toEqual({
        status: 401,
        body: { status: 401, error: 'Unauthorized', error_details: { access_token: REVOKED } },
      });
    } finally {
      await other.remove();
    }
  });

  it('is refused if its database row is gone', async () => {
    await reelport.database.dataSource.query('DELETE FROM access_tokens WHERE id = $1', [
      decodeJwt(token).jti,
    ]);
    expect(refusalOf(await ask(`Bearer ${token}`))).toEqual(unauthorized(REVOKED));
  });

  it('never appears in the log', async () => {
    await ask(`Bearer ${token}`);
    await ask(`Bearer ${token}x`);
    expect(reelport.output()).not.toContain(token.split('.')[1]);
  });
});

describe('a missing scope', () => {
  it.each<[string, string, readonly Scope[]]>([
    ['POST', '/api/v1/import/videos', ['public-api:read', 'public-api:admin']],
    ['GET', '/api/v1/import/videos/status?id=x', ['public-api:read', 'public-api:admin']],
    ['GET', '/api/v1/webhooks/deliveries', ['public-api:read', 'public-api:admin']],
    ['POST', '/api/v1/webhooks/deliveries/x/redeliver', ['public-api:read', 'public-api:admin']],
    ['GET', '/api/v1/videos', ['public-api:write', 'public-api:admin']],
    ['GET', '/api/v1/videos/x', ['public-api:write', 'public-api:admin']],
    ['POST', TOKENS, ['public-api:read', 'public-api:write']],
    ['GET', TOKENS, ['public-api:read', 'public-api:write']],
    ['DELETE', `${TOKENS}/${randomUUID()}`, ['public-api:read', 'public-api:write']],
    ['POST', `${TOKENS}/${randomUUID()}/rotate`, ['public-api:read', 'public-api:write']],
  ])('results in a 403 at %s %s', async (method, path, scopes) => {
    const api = new ApiClient(reelport.url, await reelport.createToken(project, scopes));
    const answer = await api.call(method, path, method === 'POST' ? { body: {} } : {});
    expect(answer.status).toBe(403);
    expect(answer.body).toEqual(
      outOfScope(expect.stringMatching(/^Needs an access token with the scope public-api:\w+$/)),
    );
  });

  it('cannot be replaced by the scopes in the claims of the token', async () => {
    expect(decodeJwt(token)['scope']).toContain('public-api:admin');
    await reelport.database.dataSource.query(
      `UPDATE access_tokens SET scopes = '{public-api:read}' WHERE id = $1`,
      [decodeJwt(token).jti],
    );
    expect((await admin.call('GET', TOKENS)).body).toEqual(
      outOfScope('Needs an access token with the scope public-api:admin'),
    );
  });
});

describe('without a token', () => {
  it.each(['/health/live', '/health/ready', '/docs', '/docs-json', '/docs-yaml'])(
    '%s answers',
    async (path) => {
      const answer = await fetch(reelport.url + path);
      expect(answer.status).toBe(200);
      await answer.arrayBuffer();
    },
  );

  it('liveness tells nothing of the installation', async () => {
    const answer = await fetch(`${reelport.url}/health/live`);
    expect(await answer.json()).toEqual({ status: 'ok', info: {}, error: {}, details: {} });
  });
});

describe('issuing a token', () => {
  it('returns the token once, and the token works', async () => {
    const scopes = ['public-api:write', 'public-api:read'];
    const { status, body } = await issue({ name: 'archive', scopes, expiresIn: '12h' });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.stringMatching(UUID),
      name: 'archive',
      scopes,
      createdAt: expect.stringMatching(ISO),
      expiresAt: new Date(Date.parse(body.createdAt) + DAY_MS / 2).toISOString(),
      revokedAt: null,
      lastUsedAt: null,
      token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
    });
    expect((await ask(`Bearer ${body.token}`)).status).toBe(200);
    const listed = await list();
    expect(listed[0]).toMatchObject({ id: body.id });
    for (const shown of listed) expect(shown).not.toHaveProperty('token');
  });

  it('defaults to a lifetime of 90 days', async () => {
    const { body } = await issue({ name: 'archive', scopes: ['public-api:read'] });
    expect(Date.parse(body.expiresAt!) - Date.parse(body.createdAt)).toBe(90 * DAY_MS);
  });

  it('refuses scopes that the caller lacks', async () => {
    const api = new ApiClient(reelport.url, await reelport.createToken(project, ADMIN));
    const answer = await issue({ name: 'more', scopes: ['public-api:admin', 'public-api:write'] }, api);
    expect(answer.status).toBe(403);
    expect(answer.body).toEqual(FORBIDDEN);
    expect((await issue({ name: 'less', scopes: ADMIN }, api)).status).toBe(201);
    expect((await list()).map(({ name }) => name)).not.toContain('more');
  });

  it('reports all errors at once', async () => {
    const { status, body } = await issue({ scopes: ['public-api:everything'], expiresIn: 'soon', nam: 'x' });
    expect(status).toBe(400);
    expect(body).toEqual({
      status: 400,
      error: 'Bad Request',
      error_details: {
        nam: 'Unknown field. Did you mean "name"?',
        name: 'Required: a string of 1 to 128 characters',
        scopes: 'Must be a non-empty list of public-api:read, public-api:write, public-api:admin',
        expiresIn: 'Must be a duration up to 3650d, such as "90d", "12h" or "30m"',
      },
    });
  });

  it.each(['0d', '-1d', '3651d', '90', '', 90, null])('refuses the lifetime %j', async (expiresIn) => {
    const answer = await issue({ name: 'x', scopes: ADMIN, expiresIn });
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ error_details: { expiresIn: expect.any(String) } });
  });

  it.each([[[]], ['public-api:read'], [[1]], [['toString']], [null]])(
    'refuses the scopes %j',
    async (scopes) => {
      const answer = await issue({ name: 'x', scopes });
      expect(answer.status).toBe(400);
      expect(answer.body).toMatchObject({ error_details: { scopes: expect.any(String) } });
    },
  );
});

describe('the list of tokens', () => {
  it('is sorted newest first and contains no token', async () => {
    const names = ['first', 'second', 'third'];
    for (const name of names) await issue({ name, scopes: ADMIN });
    const listed = await list();
    expect(listed.map(({ name }) => name)).toEqual(['third', 'second', 'first', 'test']);
    for (const shown of listed) {
      expect(Object.keys(shown)).toEqual([
        'id',
        'name',
        'scopes',
        'createdAt',
        'expiresAt',
        'revokedAt',
        'lastUsedAt',
      ]);
    }
  });

  it('lists each token on exactly one page, even tokens created at the same time', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await issue({ name, scopes: ['public-api:read'] });
    await reelport.database.dataSource.query(
      `UPDATE access_tokens SET created_at = date_trunc('hour', created_at) WHERE project_id = $1`,
      [project.id],
    );
    const all = (await list()).map(({ id }) => id);
    expect(all).toHaveLength(5);
    const pages: string[][] = [];
    for (let after = ''; ;) {
      const { body } = await admin.call<{ results: ShownToken[]; cursor?: string }>(
        'GET',
        `${TOKENS}?limit=2${after}`,
      );
      pages.push(body.results.map(({ id }) => id));
      if (body.cursor === undefined) break;
      expect(body.cursor).toBe(pages.at(-1)?.at(-1));
      after = `&after=${body.cursor}`;
    }
    expect(pages.map(({ length }) => length)).toEqual([2, 2, 1]);
    expect(pages.flat()).toEqual(all);
  });

  it.each(['nonsense', '00000000-0000-4000-8000-000000000000'])(
    'refuses the unknown cursor %s',
    async (after) => {
      const { status, body } = await admin.call('GET', `${TOKENS}?after=${after}`);
      expect(status).toBe(400);
      expect(body).toMatchObject({ error_details: { after: 'Must be the cursor of a previous page' } });
    },
  );

  it.each(['0', '501', 'x', ''])('refuses the page size %j', async (limit) => {
    const { status, body } = await admin.call('GET', `${TOKENS}?limit=${limit}`);
    expect(status).toBe(400);
    expect(body).toMatchObject({ error_details: { limit: 'Must be an integer from 1 to 500' } });
  });

  it('shows when a token was last used', async () => {
    const { body } = await issue({ name: 'used', scopes: ['public-api:read'] });
    const lastUse = async () => (await list()).find(({ id }) => id === body.id)?.lastUsedAt;
    expect(await lastUse()).toBeNull();
    await ask(`Bearer ${body.token}`);
    await expect.poll(lastUse, { timeout: 20_000 }).toMatch(ISO);
  });
});

describe('revoking a token', () => {
  it('ends access but keeps the token in the list', async () => {
    const { body } = await issue({ name: 'to be revoked', scopes: ['public-api:read'] });
    expect((await ask(`Bearer ${body.token}`)).status).toBe(200);
    const answer = await admin.call('DELETE', `${TOKENS}/${body.id}`);
    expect(answer).toMatchObject({ status: 204, body: '' });
    await expect.poll(async () => (await ask(`Bearer ${body.token}`)).status).toBe(401);
    expect(refusalOf(await ask(`Bearer ${body.token}`))).toEqual(unauthorized(REVOKED));
    expect((await list()).find(({ id }) => id === body.id)?.revokedAt).toMatch(ISO);
    expect((await ask(`Bearer ${token}`)).status).toBe(200);
  });

  it('is idempotent: the first revocation time stays', async () => {
    const { body } = await issue({ name: 'twice', scopes: ['public-api:read'] });
    const revokedAt = async () => (await list()).find(({ id }) => id === body.id)?.revokedAt;
    await admin.call('DELETE', `${TOKENS}/${body.id}`);
    const first = await revokedAt();
    expect((await admin.call('DELETE', `${TOKENS}/${body.id}`)).status).toBe(204);
    expect(await revokedAt()).toBe(first);
  });
});

describe('rotating a token', () => {
  it('replaces it by one with the same name, scopes and lifetime', async () => {
    const { body: old } = await issue({ name: 'old', scopes: ['public-api:read'], expiresIn: '2h' });
    const answer = await admin.call<Required<ShownToken>>('POST', `${TOKENS}/${old.id}/rotate`);
    expect(answer.status).toBe(200);
    const { body } = answer;
    expect(body).toMatchObject({ name: 'old', scopes: ['public-api:read'], revokedAt: null });
    expect(body.id).not.toBe(old.id);
    expect(Date.parse(body.expiresAt!) - Date.parse(body.createdAt)).toBe(DAY_MS / 12);
    expect((await ask(`Bearer ${body.token}`)).status).toBe(200);
    await expect.poll(async () => (await ask(`Bearer ${old.token}`)).status).toBe(401);
  });

  it('answers 409 for a revoked token', async () => {
    const { body } = await issue({ name: 'gone', scopes: ['public-api:read'] });
    await admin.call('DELETE', `${TOKENS}/${body.id}`);
    const answer = await admin.call('POST', `${TOKENS}/${body.id}/rotate`);
    expect(answer.status).toBe(409);
    expect(answer.body).toEqual({
      status: 409,
      error: 'Conflict',
      error_details: { id: expect.stringContaining('revoked') },
    });
  });

  it('refuses scopes that the caller lacks', async () => {
    const { body } = await issue({ name: 'strong', scopes: ['public-api:write'] });
    const weak = new ApiClient(reelport.url, await reelport.createToken(project, ADMIN));
    const answer = await weak.call('POST', `${TOKENS}/${body.id}/rotate`);
    expect(answer).toMatchObject({ status: 403, body: FORBIDDEN });
    expect((await list()).find(({ id }) => id === body.id)?.revokedAt).toBeNull();
  });
});

describe('a token of another project', () => {
  it.each([
    ['DELETE', ''],
    ['POST', '/rotate'],
  ])('gets a 404 for %s %s', async (method, action) => {
    const { body } = await issue({ name: 'theirs', scopes: ['public-api:read'] });
    const other = new ApiClient(
      reelport.url,
      await reelport.createToken(await reelport.createProject(), ALL),
    );
    const theirs = await other.call(method, `${TOKENS}/${body.id}${action}`);
    const unknown = await other.call(method, `${TOKENS}/${randomUUID()}${action}`);
    expect(theirs.status).toBe(404);
    expect(theirs.body).toEqual({
      status: 404,
      error: 'Not Found',
      error_details: { id: 'No access token has this id' },
    });
    expect(theirs.body).toEqual(unknown.body);
    expect((await ask(`Bearer ${body.token}`)).status).toBe(200);
    expect((await list(other)).map(({ id }) => id)).not.toContain(body.id);
  });

  it.each(['x', '%00', 'x'.repeat(300), `${randomUUID()}'--`])(
    'gets the same 404 as the malformed id %s',
    async (id) => {
      expect((await admin.call('DELETE', `${TOKENS}/${id}`)).status).toBe(404);
    },
  );
});

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
