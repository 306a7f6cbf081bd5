import 'reflect-metadata';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { Body, Controller, Get, Post } from '@nestjs/common';
import { afterEach, describe, expect, it } from 'vitest';
import { Public, RequireScopes } from './require-scopes.decorator.js';
import { type Answer, type AuthScope, openAuthScope } from './testing/auth-scope.js';

@Controller('probe')
class ProbeController {
  @Post('write')
  @RequireScopes('public-api:write')
  write(@Body() body: object): object {
    return body;
  }

  @Post('undeclared')
  undeclared(): object {
    return {};
  }
}

@Controller('declared-by-class')
@RequireScopes('public-api:write')
class DeclaredByClassController {
  @Post()
  write(): object {
    return {};
  }
}

@Controller('health')
@Public()
class HealthController {
  @Get('live')
  live(): object {
    return {};
  }
}

let scope: AuthScope | undefined;

async function open(settings: Record<string, string> = {}): Promise<AuthScope> {
  scope = await openAuthScope([ProbeController, DeclaredByClassController, HealthController], settings);
  return scope;
}
afterEach(() => scope?.close());

/** Announces a body, sends none of it, and reads the response. */
async function announce(path: string, authorization?: string): Promise<string> {
  const { port, hostname } = new URL(await scope!.app.getUrl());
  const socket = connect(Number(port), hostname);
  socket.write(
    [
      `POST /${path} HTTP/1.1`,
      'Host: reelport',
      'Content-Type: application/json',
      'Content-Length: 99999',
      ...(authorization === undefined ? [] : [`Authorization: ${authorization}`]),
      '',
      '{',
    ].join('\r\n'),
  );
  const [chunk]: Buffer[] = await socket.take(1).toArray();
  socket.destroy();
  return String(chunk);
}

describe('admission before the body arrives', () => {
  it.each(['probe/write', 'declared-by-class', 'auth/tokens'])(
    'refuses a request without a valid token at %s with 401',
    async (path) => {
      await open();
      const answer = await announce(path);
      expect(answer).toMatch(/^HTTP\/1\.1 401 Unauthorized\r\n/);
      expect(answer).toMatch(/\r\nx-content-type-options: nosniff\r\n/i);
      expect(answer).toContain('Access token required');
      expect(await announce(path, 'Bearer x.y.z')).toContain(
        'The access token was not issued by this service',
      );
    },
  );

  it('refuses a token without the scope with 403', async () => {
    const { bearer } = await (await open()).issue(['public-api:read']);
    expect(await announce('probe/write', bearer)).toMatch(/^HTTP\/1\.1 403 /);
    expect(await announce('declared-by-class', bearer)).toMatch(/^HTTP\/1\.1 403 /);
  });

  it('answers 403 for a route without a declaration and 404 for an unknown path', async () => {
    const { bearer } = await (await open()).issue();
    expect(await announce('probe/undeclared', bearer)).toMatch(/^HTTP\/1\.1 403 /);
    expect(await announce('nowhere', bearer)).toMatch(/^HTTP\/1\.1 404 /);
    expect(await announce('nowhere')).toContain('No route matches this method and path');
  });

  it('answers 503 while the database is unavailable', async () => {
    const { issue, cable } = await open();
    const { bearer } = await issue();
    await cable.cut();
    expect(await announce('probe/write', bearer)).toMatch(/^HTTP\/1\.1 503 /);
    await cable.mend();
  });
});

it('reads the body of an admitted request', async () => {
  const { issue, ask } = await open();
  const { bearer } = await issue();
  const body = JSON.stringify({ a: 'x'.repeat(10_000) });
  expect(await ask('probe/write', bearer, { method: 'POST', body })).toMatchObject({
    status: 201,
    body: JSON.parse(body),
  });
});

it('keeps the connection usable after a refusal without reading the body', async () => {
  const { app, issue } = await open();
  const { bearer } = await issue();
  const { port, hostname } = new URL(await app.getUrl());
  const socket = connect(Number(port), hostname);
  const body = '{"a":1}';
  const head = `POST /probe/write HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n`;
  socket.write(`${head}\r\n${body}`);
  socket.write(`${head}Authorization: ${bearer}\r\nConnection: close\r\n\r\n${body}`);
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 401 [\s\S]*HTTP\/1\.1 201 [\s\S]*\{"a":1\}$/);
});

function statuses(answers: Answer[]): number[] {
  return answers.map(({ status }) => status);
}

describe('rate limits', () => {
  const LIMITS = { RATE_LIMIT_ADDRESS: '0', RATE_LIMIT_TOKEN: '0', RATE_LIMIT_FAILED_AUTH: '0' };

  it('apply per address, except to health checks', async () => {
    const { ask } = await open({ ...LIMITS, RATE_LIMIT_ADDRESS: '2' });
    const answers = [await ask('nowhere'), await ask('auth/tokens'), await ask('nowhere')];
    expect(statuses(answers)).toEqual([404, 401, 429]);
    expect(answers[2]).toMatchObject({
      retryAfter: expect.stringMatching(/^\d+$/),
      body: {
        status: 429,
        error: 'Usage Limit Exceeded',
        error_details: { address: expect.stringMatching(/retry in \d+ seconds$/) },
      },
    });
    for (const _ of answers) expect((await ask('health/live')).status).toBe(200);
  });

  it('apply per token', async () => {
    const { ask, issue } = await open({ ...LIMITS, RATE_LIMIT_TOKEN: '2' });
    const [one, two] = [await issue(['public-api:admin']), await issue(['public-api:admin'])];
    const by = async ({ bearer }: { bearer: string }) => (await ask('auth/tokens', bearer)).status;
    expect([await by(one), await by(one), await by(one), await by(two)]).toEqual([200, 200, 429, 200]);
  });

  it('are stricter for failed authentication and never block valid tokens', async () => {
    const { ask, issue } = await open({ ...LIMITS, RATE_LIMIT_FAILED_AUTH: '2' });
    const answers = [
      await ask('auth/tokens'),
      await ask('auth/tokens', 'Bearer x.y.z'),
      await ask('auth/tokens', 'Bearer x.y.z'),
    ];
    expect(statuses(answers)).toEqual([401, 401, 429]);
    const { bearer } = await issue(['public-api:admin']);
    expect((await ask('auth/tokens', bearer)).status).toBe(200);
  });

  it('use the address of the connection, ignoring forwarding headers', async () => {
    const { ask } = await open({ ...LIMITS, RATE_LIMIT_ADDRESS: '1' });
    const from = (address: string) => ask('nowhere', undefined, { headers: { 'x-forwarded-for': address } });
    expect(statuses([await from('192.0.2.1'), await from('192.0.2.2')])).toEqual([404, 429]);
  });

  it('use the address that a trusted proxy reports', async () => {
    const { ask } = await open({ ...LIMITS, RATE_LIMIT_ADDRESS: '1', TRUST_PROXY: 'loopback, 10.0.0.0/8' });
    const from = (addresses: string) =>
      ask('nowhere', undefined, { headers: { 'x-forwarded-for': addresses } });
    const answers = [
      await from('192.0.2.1'),
      await from('192.0.2.2, 10.1.2.3'),
      await from('192.0.2.1'),
      // Everything before the first address that is not a proxy is a claim of the client.
      await from('192.0.2.9, 192.0.2.2'),
    ];
    expect(statuses(answers)).toEqual([404, 404, 429, 429]);
  });
});
