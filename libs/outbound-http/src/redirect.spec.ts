import type { IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';

import { describe, expect, it } from 'vitest';

import { CERTIFICATE } from './testing/certificate.js';
import { type LoopbackServer, serveHttp, serveHttps } from './testing/loopback-server.js';
import { closingScope, failureOf } from './testing/scope.js';

const scope = closingScope();
const STATUSES = [301, 302, 303, 307, 308];

/** A server that redirects every path to `location(path)`, except `/end`, which it answers. */
function redirector(status: number, location: (path: string) => string): Promise<LoopbackServer> {
  return scope.keep(
    serveHttp((request, response) => {
      if (request.url === '/end') response.end('arrived');
      else response.writeHead(status, { location: location(request.url ?? '') }).end('moved');
    }),
  );
}

/** A server at a forbidden address. */
async function forbidden(): Promise<{ url: string; server: LoopbackServer }> {
  const server = await scope.keep(serveHttp((_, response) => response.end('secret')));
  return { url: `${server.origin}/secret`, server };
}

describe.each(STATUSES)('a redirect with %i', (status) => {
  it('is followed', async () => {
    const server = await redirector(status, () => '/end');
    const response = await scope.client().request(`${server.origin}/start`);
    expect(await text(response.body)).toBe('arrived');
    expect(response.url.href).toBe(`${server.origin}/end`);
  });

  it('never reaches a forbidden address', async () => {
    const { url, server } = await forbidden();
    const origin = await redirector(status, () => url);
    // The start is trusted by name; the redirect leads to the same machine by its address.
    const client = scope.client({ trustedNetworks: ['origin.internal'], lookup: async () => ['127.0.0.1'] });
    const failure = await failureOf(client.request(`http://origin.internal:${origin.port}/`));
    expect(failure).toMatchObject({ code: 'URL_BLOCKED', fault: 'redirect' });
    expect(server.connections()).toBe(0);
  });

  it('never reaches a name that resolves to a forbidden address', async () => {
    const { server } = await forbidden();
    const origin = await redirector(status, () => `http://evil.example.com:${server.port}/`);
    const client = scope.client({
      trustedNetworks: ['origin.internal'],
      allowedPorts: [server.port],
      lookup: async () => ['127.0.0.1'],
    });
    const failure = await failureOf(client.request(`http://origin.internal:${origin.port}/`));
    expect(failure).toMatchObject({ code: 'URL_BLOCKED', fault: 'redirect' });
    expect(server.connections()).toBe(0);
  });

  it('is returned if it must not be followed', async () => {
    const server = await redirector(status, () => '/end');
    const client = scope.client();
    const answers = [
      await client.request(`${server.origin}/start`, { followRedirects: false }),
      await client.request(`${server.origin}/start`, { method: 'POST', body: 'x', followRedirects: true }),
    ];
    expect(answers).toMatchObject([{ status }, { status }]);
    await Promise.all(answers.map((answer) => answer.discard()));
  });
});

describe('redirects', () => {
  it.each([
    ['file:///etc/passwd', 'redirect'],
    ['//127.0.0.1@10.0.0.1/', 'redirect'],
    ['http://10.0.0.1/', 'redirect'],
    ['http://localhost/', 'redirect'],
    ['http://example.com:22/', 'redirect'],
  ])('to %s are refused', async (location, fault) => {
    const server = await redirector(302, () => location);
    const client = scope.client({ trustedNetworks: ['127.0.0.1'], lookup: async () => ['8.8.8.8'] });
    expect(await failureOf(client.request(`${server.origin}/`))).toMatchObject({
      code: 'URL_BLOCKED',
      fault,
    });
  });

  it('are limited to five', async () => {
    const server = await redirector(302, (path) =>
      path === '/1' ? '/end' : `/${Number(path.slice(1)) - 1}`,
    );
    const client = scope.client();
    expect(await text((await client.request(`${server.origin}/5`)).body)).toBe('arrived');
    expect(await failureOf(client.request(`${server.origin}/6`))).toMatchObject({
      code: 'TOO_MANY_REDIRECTS',
    });
  });

  it('fail when they form a loop', async () => {
    const server = await redirector(307, (path) => path);
    expect(await failureOf(scope.client().request(server.origin))).toMatchObject({
      code: 'TOO_MANY_REDIRECTS',
    });
  });

  it('are returned like any response if they have no valid Location', async () => {
    const server = await scope.keep(
      serveHttp((request, response) => {
        response.writeHead(302, request.url === '/none' ? {} : { location: 'http://[' }).end();
      }),
    );
    for (const path of ['/none', '/broken']) {
      expect((await scope.client().request(server.origin + path)).status).toBe(302);
    }
  });

  it.each([
    ['UTF-8', Buffer.from('/é'), '/%C3%A9'],
    ['Latin-1', Buffer.from('/é', 'latin1'), '/%E9'],
    ['Shift JIS', Buffer.from([0x2f, 0x93, 0xfa, 0x96, 0x7b]), '/%93%FA%96%7B'],
    ['Latin-1 in the query', Buffer.from('/a?b=é', 'latin1'), '/a?b=%E9'],
    ['ASCII with escapes', Buffer.from('/%E9%c3%A9'), '/%E9%c3%A9'],
  ])('are followed to a Location in %s', async (_, location, path) => {
    const server = await scope.keep(
      serveHttp((request, response) => {
        if (request.url === '/start')
          response.writeHead(302, { location: location.toString('latin1') }).end();
        else response.end(request.url);
      }),
    );
    expect(await text((await scope.client().request(`${server.origin}/start`)).body)).toBe(path);
  });

  it('are followed to a host name in UTF-8', async () => {
    const server = await scope.keep(serveHttp((request, response) => response.end(request.headers.host)));
    const host = Buffer.from('bücher.example').toString('latin1');
    const start = await redirector(302, () => `http://${host}:${server.port}/end`);
    const client = scope.client({
      trustedNetworks: ['127.0.0.0/8', 'xn--bcher-kva.example'],
      lookup: async () => ['127.0.0.1'],
    });
    const response = await client.request(`${start.origin}/start`);
    expect(await text(response.body)).toBe(`xn--bcher-kva.example:${server.port}`);
  });

  it('are followed with two equal Location headers, but not with different ones', async () => {
    const server = await scope.keep(
      serveHttp((request, response) => {
        if (request.url === '/end') {
          response.end('arrived');
          return;
        }
        const second = request.url === '/same' ? '/end' : '/other';
        response.writeHead(302, ['Location', '/end', 'location', second]).end('moved');
      }),
    );
    expect(await text((await scope.client().request(`${server.origin}/same`)).body)).toBe('arrived');
    const contradiction = await scope.client().request(`${server.origin}/different`);
    expect([contradiction.status, await text(contradiction.body)]).toEqual([302, 'moved']);
    expect(contradiction.headers).not.toHaveProperty('location');
  });

  it('are refused from https to http', async () => {
    const plain = await scope.keep(serveHttp((_, response) => response.end('plain')));
    const safe = await scope.keep(
      serveHttps((_, response) => response.writeHead(302, { location: plain.origin }).end()),
    );
    const client = scope.client({ lookup: async () => ['127.0.0.1'], certificateAuthorities: [CERTIFICATE] });
    const failure = await failureOf(client.request(`https://files.example.com:${safe.port}/`));
    expect(failure).toMatchObject({ code: 'URL_BLOCKED', fault: 'downgrade' });
    expect(plain.connections()).toBe(0);
  });

  it('keep conditions and ranges, but drop secrets across origins', async () => {
    const seen: IncomingHttpHeaders[] = [];
    const target = await scope.keep(
      serveHttp((request, response) => {
        seen.push(request.headers);
        if (request.url === '/end') response.end();
        else response.writeHead(302, { location: `${first.origin}/back` }).end();
      }),
    );
    const first: LoopbackServer = await scope.keep(
      serveHttp((request, response) => {
        seen.push(request.headers);
        const next = new Map([
          ['/', '/same'],
          ['/same', `${target.origin}/over`],
          ['/back', `${target.origin}/end`],
        ]);
        response.writeHead(302, { location: next.get(request.url ?? '') }).end();
      }),
    );
    const secrets = { Authorization: 'Bearer t', Cookie: 'c=1', 'X-Api-Key': 'k' };
    const harmless = {
      range: 'bytes=5-',
      'if-range': '"e"',
      'if-none-match': '"e"',
      'accept-encoding': 'identity',
    };
    const response = await scope.client().request(first.origin, { headers: { ...secrets, ...harmless } });
    await response.discard();
    expect(seen).toHaveLength(5);
    for (const headers of seen) expect(headers).toMatchObject(harmless);
    const kept = seen.map((headers) =>
      ['authorization', 'cookie', 'x-api-key'].map((name) => name in headers),
    );
    const [all, none] = [
      [true, true, true],
      [false, false, false],
    ];
    expect(kept).toEqual([all, all, none, none, none]);
  });

  it('treat another port as another origin', async () => {
    const target = await scope.keep(
      serveHttp((request, response) => response.end(request.headers.authorization)),
    );
    const server = await redirector(302, () => target.origin);
    const response = await scope.client().request(server.origin, { headers: { authorization: 'Bearer t' } });
    expect(await text(response.body)).toBe('');
  });
});
