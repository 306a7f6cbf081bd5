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

/** Announces a body, sends none of it, and reads the answer. */
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

describe('before any of the body has come', () => {
  it.each(['probe/write', 'declared-by-class', 'auth/tokens'])('a stranger gets 401 at %s', async (path) => {
    await open();
    const answer = await announce(path);
    expect(answer).toMatch(/^HTTP\/1\.1 401 Unauthorized\r\n/);
    expect(answer).toMatch(/\r\nx-content-type-options: nosniff\r\n/i);
    expect(answer).toContain('An access token is required');
    expect(await announce(path, 'Bearer x.y.z')).toContain('The access token is not one of ours');
  });

  it('a token without the scope gets 403', async () => {
    const { bearer } = await (await open()).issue(['public-api:read']);
    expect(await announce('probe/write', bearer)).toMatch(/^HTTP\/1\.1 403 /);
    expect(await announce('declared-by-class', bearer)).toMatch(/^HTTP\/1\.1 403 /);
  });

  it('everybody gets 403 where nothing is declared, and 404 where nothing is', async () => {
    const { bearer } = await (await open()).issue();
    expect(await announce('probe/undeclared', bearer)).toMatch(/^HTTP\/1\.1 403 /);
    expect(await announce('nowhere', bearer)).toMatch(/^HTTP\/1\.1 404 /);
    expect(await announce('nowhere')).toContain('There is nothing at this address');
  });

  it('the database cannot be reached: 503', async () => {
    const { issue, cable } = await open();
    const { bearer } = await issue();
    await cable.cut();
    expect(await announce('probe/write', bearer)).toMatch(/^HTTP\/1\.1 503 /);
    await cable.mend();
  });
});

it('a body is read once its sender is let in', async () => {
  const { issue, ask } = await open();
  const { bearer } = await issue();
  const body = JSON.stringify({ a: 'x'.repeat(10_000) });
  expect(await ask('probe/write', bearer, { method: 'POST', body })).toMatchObject({
    status: 201,
    body: JSON.parse(body),
  });
});

it('one connection carries on after a refusal, without the body that was not read', async () => {
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

describe('limits', () => {
  const LIMITS = { RATE_LIMIT_ADDRESS: '0', RATE_LIMIT_TOKEN: '0', RATE_LIMIT_FAILED_AUTH: '0' };

  it('are there for an address, health checks aside', async () => {
    const { ask } = await open({ ...LIMITS, RATE_LIMIT_ADDRESS: '2' });
    const answers = [await ask('nowhere'), await ask('auth/tokens'), await ask('nowhere')];
    expect(statuses(answers)).toEqual([404, 401, 429]);
    expect(answers[2]).toMatchObject({
      retryAfter: expect.stringMatching(/^\d+$/),
      body: {
        status: 429,
        error: 'Usage Limit Exceeded',
        error_details: { address: expect.stringMatching(/try again in \d+ seconds$/) },
      },
    });
    for (const _ of answers) expect((await ask('health/live')).status).toBe(200);
  });

  it('are there for a token, and for each of its own', async () => {
    const { ask, issue } = await open({ ...LIMITS, RATE_LIMIT_TOKEN: '2' });
    const [one, two] = [await issue(['public-api:admin']), await issue(['public-api:admin'])];
    const by = async ({ bearer }: { bearer: string }) => (await ask('auth/tokens', bearer)).status;
    expect([await by(one), await by(one), await by(one), await by(two)]).toEqual([200, 200, 429, 200]);
  });

  it('are stricter for failures; good tokens are good all the same', async () => {
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

  it('go by the address of the connection, whatever a client says of itself', async () => {
    const { ask } = await open({ ...LIMITS, RATE_LIMIT_ADDRESS: '1' });
    const from = (address: string) => ask('nowhere', undefined, { headers: { 'x-forwarded-for': address } });
    expect(statuses([await from('192.0.2.1'), await from('192.0.2.2')])).toEqual([404, 429]);
  });

  it('go by what a trusted proxy says', async () => {
    const { ask } = await open({ ...LIMITS, RATE_LIMIT_ADDRESS: '1', TRUST_PROXY: 'loopback, 10.0.0.0/8' });
    const from = (addresses: string) =>
      ask('nowhere', undefined, { headers: { 'x-forwarded-for': addresses } });
    const answers = [
      await from('192.0.2.1'),
      await from('192.0.2.2, 10.1.2.3'),
      await from('192.0.2.1'),
      // What stands before the first address that is no proxy is the client's own word.
      await from('192.0.2.9, 192.0.2.2'),
    ];
    expect(statuses(answers)).toEqual([404, 404, 429, 429]);
  });
});
