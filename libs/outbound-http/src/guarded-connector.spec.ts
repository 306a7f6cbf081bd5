import { text } from 'node:stream/consumers';

import { describe, expect, it } from 'vitest';

import { guardedConnector } from './guarded-connector.js';
import type { NameLookup } from './name-lookup.js';
import { serveHttp, serveHttps, type LoopbackServer } from './testing/loopback-server.js';
import { CERTIFICATE } from './testing/certificate.js';
import { closingScope, failureOf } from './testing/scope.js';
import { UrlPolicy } from './url.policy.js';

const scope = closingScope();

function listener(): Promise<LoopbackServer> {
  return scope.keep(serveHttp((request, response) => response.end(`for ${request.headers.host}`)));
}

const resolvingTo =
  (...addresses: string[]): NameLookup =>
  async () =>
    addresses;

const hanging: NameLookup = () => new Promise(() => undefined);

describe('a host name', () => {
  it.each([
    ['a forbidden address', ['127.0.0.1']],
    ['one forbidden address among public ones', ['8.8.8.8', '127.0.0.1', '8.8.4.4']],
    ['a mapped forbidden address', ['::ffff:127.0.0.1']],
    ['an invalid address', ['localhost']],
  ])('is never connected if it resolves to %s', async (_, addresses) => {
    const server = await listener();
    const client = scope.client({
      trustedNetworks: [],
      allowedPorts: [server.port],
      lookup: resolvingTo(...addresses),
    });
    const failure = await failureOf(client.request(`http://files.example.com:${server.port}/`));
    expect(failure).toMatchObject({ code: 'URL_BLOCKED', fault: 'host' });
    expect(server.connections()).toBe(0);
  });

  it('fails with the same message for an open and a closed port', async () => {
    const server = await listener();
    const closed = await serveHttp(() => undefined);
    await closed.close();
    const messages = await Promise.all(
      [server, closed].map(async ({ port }) => {
        const client = scope.client({
          trustedNetworks: [],
          allowedPorts: [port],
          lookup: resolvingTo('127.0.0.1'),
        });
        return (await failureOf(client.request(`http://files.example.com:${port}/`))).message;
      }),
    );
    expect(messages[0]).toBe(messages[1]);
  });

  it('may resolve into a trusted network, at any port', async () => {
    const server = await listener();
    const client = scope.client({ lookup: resolvingTo('127.0.0.1') });
    const response = await client.request(`http://files.example.com:${server.port}/`);
    expect(await text(response.body)).toBe(`for files.example.com:${server.port}`);
  });

  it('may resolve to any address if it is trusted by name', async () => {
    const server = await listener();
    const client = scope.client({ trustedNetworks: ['origin.internal'], lookup: resolvingTo('127.0.0.1') });
    const response = await client.request(`http://origin.internal:${server.port}/`);
    expect(await text(response.body)).toBe(`for origin.internal:${server.port}`);
    expect(await failureOf(client.request(`http://127.0.0.1:${server.port}/`))).toMatchObject({
      code: 'URL_BLOCKED',
    });
  });

  it('is looked up once per connection, and the connection is reused', async () => {
    const server = await listener();
    const answers = [['127.0.0.1'], ['10.0.0.1']];
    const client = scope.client({ connectionsPerOrigin: 1, lookup: async () => answers.shift() ?? [] });
    for (let round = 0; round < 3; round++) {
      await text((await client.request(`http://files.example.com:${server.port}/`)).body);
    }
    expect(answers).toEqual([['10.0.0.1']]);
    expect(server.connections()).toBe(1);
  });

  it('is not looked up if it is an IP address', async () => {
    const server = await listener();
    const client = scope.client({
      lookup: () => Promise.reject(new Error('looked up')),
    });
    expect((await client.request(server.origin)).status).toBe(200);
  });

  it('falls back to its next address', async () => {
    const server = await listener();
    // Nothing listens on this port at ::1: the server is bound to 127.0.0.1 only.
    const client = scope.client({
      trustedNetworks: ['127.0.0.1', '::1'],
      lookup: resolvingTo('::1', '127.0.0.1'),
    });
    expect((await client.request(`http://files.example.com:${server.port}/`)).status).toBe(200);
  });

  it.each([
    ['ENOTFOUND', false],
    ['ENODATA', false],
    ['EAI_AGAIN', true],
    ['ESERVFAIL', true],
    ['ETIMEOUT', true],
  ])('is not found if the lookup fails with %s (temporary: %s)', async (code, temporary) => {
    const client = scope.client({ lookup: () => Promise.reject(Object.assign(new Error(code), { code })) });
    const failure = await failureOf(client.request('http://files.example.com/'));
    expect(failure).toMatchObject({ code: 'HOST_NOT_FOUND', temporary });
  });

  it('is not found if it has no addresses', async () => {
    const client = scope.client({ lookup: resolvingTo() });
    expect(await failureOf(client.request('http://files.example.com/'))).toMatchObject({
      code: 'HOST_NOT_FOUND',
    });
  });

  it('fails on a timeout or an abort while its lookup hangs', async () => {
    const client = scope.client({ lookup: hanging, limits: { connectMs: 50 } });
    expect(await failureOf(client.request('http://files.example.com/'))).toMatchObject({ code: 'TIMED_OUT' });
    const patient = scope.client({ lookup: hanging, limits: { connectMs: 600_000 } });
    const abort = new AbortController();
    const waiting = failureOf(patient.request('http://files.example.com/', { signal: abort.signal }));
    abort.abort();
    expect(await waiting).toMatchObject({ code: 'ABORTED' });
    const short = patient.request('http://files.example.com/', { limits: { totalMs: 20 } });
    expect(await failureOf(short)).toMatchObject({ code: 'TIMED_OUT' });
  });
});

describe('an IP address', () => {
  it('is checked by the connector, because Node does not look it up', async () => {
    const server = await listener();
    const connect = guardedConnector(new URL(server.origin), {
      policy: new UrlPolicy({ allowedPorts: [server.port] }),
      lookup: hanging,
      connectMs: 10_000,
      secureContext: undefined,
    });
    const outcome = await new Promise((resolve) => {
      connect({ hostname: '127.0.0.1', protocol: 'http:', port: `${server.port}` }, (...result) =>
        resolve(result),
      );
    });
    expect(outcome).toEqual([expect.objectContaining({ code: 'URL_BLOCKED' }), null]);
    expect(server.connections()).toBe(0);
  });
});

describe('TLS', () => {
  const certificateAuthorities = [CERTIFICATE];
  const lookup = resolvingTo('127.0.0.1');

  it('verifies the certificate for the name in the URL', async () => {
    const server = await scope.keep(serveHttps((_, response) => response.end('safe')));
    const client = scope.client({ lookup, certificateAuthorities });
    for (const name of ['files.example.com', 'files.example.com.']) {
      expect(await text((await client.request(`https://${name}:${server.port}/`)).body)).toBe('safe');
    }
    expect(await failureOf(client.request(`https://other.example.com:${server.port}/`))).toMatchObject({
      code: 'TLS_FAILED',
      temporary: false,
    });
  });

  it('refuses a certificate of an unknown authority', async () => {
    const server = await scope.keep(serveHttps((_, response) => response.end('safe')));
    const failure = await failureOf(
      scope.client({ lookup }).request(`https://files.example.com:${server.port}/`),
    );
    expect(failure).toMatchObject({ code: 'TLS_FAILED' });
  });

  it('fails if the server speaks plain HTTP', async () => {
    const server = await listener();
    const failure = await failureOf(
      scope.client({ lookup }).request(`https://files.example.com:${server.port}/`),
    );
    expect(failure).toMatchObject({ code: 'TLS_FAILED' });
  });
});
