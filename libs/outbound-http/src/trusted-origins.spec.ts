import { text } from 'node:stream/consumers';

import { describe, expect, it } from 'vitest';

import { OutboundError } from './outbound.error.js';
import { serveHttp } from './testing/loopback-server.js';
import { closingScope, failureOf } from './testing/scope.js';
import { UrlPolicy } from './url.policy.js';

const scope = closingScope();

describe('a trusted origin', () => {
  it('is reached, but nothing else on the same machine', async () => {
    const server = await scope.keep(serveHttp((_, response) => response.end('a video')));
    const neighbour = await scope.keep(serveHttp((_, response) => response.end('a secret')));
    const client = scope.client({ trustedNetworks: [], trustedOrigins: [server.origin] });
    expect(await text((await client.request(`${server.origin}/v.mp4`)).body)).toBe('a video');
    const { port } = server;
    for (const url of [
      neighbour.origin,
      'http://127.0.0.1/',
      `http://127.0.0.2:${port}/`,
      `http://localhost:${port}/`,
      `http://[::1]:${port}/`,
      `http://[::ffff:127.0.0.1]:${port}/`,
      `https://127.0.0.1:${port}/`,
      `http://10.0.0.1:${port}/`,
    ]) {
      expect({ url, code: (await failureOf(client.request(url))).code }).toEqual({
        url,
        code: 'URL_BLOCKED',
      });
    }
    expect(neighbour.connections()).toBe(0);
  });

  it('is not reached by a name that resolves to it', async () => {
    const server = await scope.keep(serveHttp((_, response) => response.end('a video')));
    const client = scope.client({
      trustedNetworks: ['10.0.0.0/8'],
      trustedOrigins: [server.origin],
      lookup: () => Promise.resolve(['127.0.0.1']),
    });
    const failure = await failureOf(client.request(`http://archive.example.com:${server.port}/`));
    expect(failure.code).toBe('URL_BLOCKED');
    expect(server.connections()).toBe(0);
  });

  it('is limited to its port and spelling when a socket connects', () => {
    const policy = new UrlPolicy({ trustedOrigins: ['http://127.0.0.1:4711'] });
    const connect = (host: string, port: number) => () => policy.checkResolved(host, port, ['127.0.0.1']);
    expect(connect('127.0.0.1', 4711)).not.toThrow();
    expect(connect('127.0.0.1', 4712)).toThrow(OutboundError);
    expect(connect('localhost', 4711)).toThrow(OutboundError);
  });

  it('cannot redirect to a forbidden address', async () => {
    const neighbour = await scope.keep(serveHttp((_, response) => response.end('a secret')));
    const server = await scope.keep(
      serveHttp((_, response) => response.writeHead(302, { location: `${neighbour.origin}/` }).end()),
    );
    const client = scope.client({ trustedNetworks: [], trustedOrigins: [server.origin] });
    expect((await failureOf(client.request(server.origin))).code).toBe('URL_BLOCKED');
    expect(neighbour.connections()).toBe(0);
  });

  it.each([
    '',
    '127.0.0.1:80',
    'http://localhost:4711',
    'http://127.0.0.1:4711/',
    'http://127.1:4711',
    'http://a@127.0.0.1',
  ])('must be an origin with an IP address, unlike %j', (entry) => {
    expect(() => new UrlPolicy({ trustedOrigins: [entry] })).toThrow(TypeError);
  });
});
