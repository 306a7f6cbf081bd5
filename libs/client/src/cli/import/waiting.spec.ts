import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClient, type Client } from '../../client.js';
import { waitOf } from './waiting.js';

let server: Server;
let client: Client;
/** The first pending item, as the server describes it. */
let item: { waiting: object[] } | undefined;

beforeEach(async () => {
  server = createServer((request, response) => {
    const isPage = request.url === '/api/v1/imports/x/items?state=pending&limit=1';
    const body = isPage ? { results: item === undefined ? [] : [item] } : item;
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port }: AddressInfo = Object(server.address());
  client = createClient({ url: `http://127.0.0.1:${port}`, token: 'secret', retry: { retries: 0 } });
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const waiting = (): Promise<object | undefined> => waitOf(client, 'x', new AbortController().signal);

describe('waitOf', () => {
  const busy = { position: 3, code: 'HTTP_STATUS', httpStatus: 503, host: 'archive.example.com' };

  it.each([
    [
      { reason: 'retry', until: '2020-01-02T13:45:22.000Z' },
      'for the next attempt after HTTP_STATUS 503 from archive.example.com, until 2020-01-02 13:45:22 UTC',
    ],
    [{ reason: 'host_failing', until: null }, 'because archive.example.com keeps failing'],
    [{ reason: 'no_worker', until: null }, 'because no worker is running'],
  ])('says in a sentence what %j means', async (wait, sentence) => {
    item = { ...busy, waiting: [wait] };
    expect(await waiting()).toEqual({ ...wait, sentence });
  });

  it('is silent where items only take turns, and where none is pending', async () => {
    item = { ...busy, waiting: [{ reason: 'turn', until: null }] };
    expect(await waiting()).toBeUndefined();
    item = undefined;
    expect(await waiting()).toBeUndefined();
  });
});
