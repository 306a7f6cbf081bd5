import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClient, type Client } from './client.js';
import { ReelportError } from './errors.js';

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

let server: Server;
let client: Client;
/** Answers to the requests that follow, in their order. */
let answers: Answer[];
let requests: IncomingMessage[];

beforeEach(async () => {
  answers = [];
  requests = [];
  server = createServer((request, response) => {
    requests.push(request);
    const answer = answers.shift();
    if (answer === undefined) response.destroy(new Error('Nobody expected this request'));
    else answer(response, request);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port }: AddressInfo = Object(server.address());
  client = createClient({ url: `http://127.0.0.1:${port}/prefix/`, token: 'secret', retry: { retries: 0 } });
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const json =
  (status: number, body: object): Answer =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

const refused = (status: number, error: string): Answer => json(status, { status, error, error_details: {} });

const eventOf = (id: string): string =>
  `id: ${id}\nevent: items.finished\ndata: {"type":"items.finished",\ndata: "n":${id.slice(1)}.0}\n\n`;

/** Sends blocks of a stream; then the connection is lost, closed in order, or goes on. */
const stream =
  (blocks: readonly string[], end: 'lost' | 'closed' | 'open'): Answer =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('retry: 1000\n\n');
    response.write(blocks.join(''), () => {
      if (end === 'lost') response.destroy();
      if (end === 'closed') response.end();
    });
  };

const over: Answer = (response) => response.writeHead(204).end();

async function texts(options = {}): Promise<string[]> {
  const received: string[] = [];
  for await (const { text } of client.imports.events('abc', options)) received.push(text);
  return received;
}

describe('imports.events()', () => {
  it('ends with an error for an event that is not JSON, rather than without the event', async () => {
    answers = [stream(['id: e1\ndata: {"type":\n\n', eventOf('e2')], 'closed'), over];
    await expect(texts()).rejects.toThrow('instead of JSON (status 200): {"type":');
    expect(requests).toHaveLength(1);
  });

  it('goes on after a lost connection, from the last event that it has seen', async () => {
    answers = [
      stream([eventOf('e1'), eventOf('e2'), 'id: e'], 'lost'),
      // A place without an event.
      stream([': nothing new\n\n', 'id: e7\n\n'], 'closed'),
      stream([eventOf('e8').replaceAll('\n', '\r\n')], 'lost'),
      over,
    ];
    expect(await texts({ after: 'e0' })).toEqual(
      ['1', '2', '8'].map((n) => `{"type":"items.finished",\n"n":${n}.0}`),
    );
    expect(requests.map(({ headers }) => headers['last-event-id'])).toEqual(['e0', 'e2', 'e7', 'e8']);
    expect(requests.map(({ url }) => url)).toEqual(Array(4).fill('/prefix/api/v1/imports/abc/events'));
    expect(requests[0]?.headers).toMatchObject({
      accept: 'text/event-stream',
      authorization: 'Bearer secret',
    });
  });

  it('puts characters together that arrive in two parts', async () => {
    const bytes = Buffer.from('data: {"title":"Übung 🎬"}\n\n');
    answers = [
      (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        const cut = bytes.indexOf('🎬') + 2;
        response.write(bytes.subarray(0, cut));
        // In another packet.
        setImmediate(() => response.end(bytes.subarray(cut)));
      },
      over,
    ];
    expect(await texts()).toEqual(['{"title":"Übung 🎬"}']);
  });

  it('tells when a connection is open, before its first event, and when it is lost', async () => {
    answers = [
      stream([eventOf('e1')], 'lost'),
      (response) => response.destroy(),
      stream(['id: e2\n\n'], 'closed'),
      over,
    ];
    const told: unknown[] = [];
    const options = { onOpen: () => told.push('open'), onLost: () => told.push('lost') };
    for await (const { cursor } of client.imports.events('abc', options)) told.push(cursor);
    expect(told).toEqual(['open', 'e1', 'lost', 'open', 'lost']);
  });

  it.each([
    [404, 'Not Found'],
    [410, 'Gone'],
  ])('ends with an answer that no repetition changes: %i', async (status, error) => {
    answers = [stream([eventOf('e1')], 'lost'), refused(status, error)];
    const received: Array<string | undefined> = [];
    const watched = (async () => {
      for await (const { cursor } of client.imports.events('abc')) received.push(cursor);
    })();
    await expect(watched).rejects.toMatchObject({ name: 'ReelportError', status });
    await expect(watched).rejects.toBeInstanceOf(ReelportError);
    expect(received).toEqual(['e1']);
  });

  it('throws at once if there has never been a connection', async () => {
    answers = [(response) => response.destroy()];
    await expect(texts()).rejects.toThrow('fetch failed');
    expect(requests).toHaveLength(1);
  });

  it('ends by its signal, while a stream is open and while it waits for the next one', async () => {
    const stopped = new Error('enough');
    for (const end of ['open', 'lost'] as const) {
      answers = [stream([eventOf('e1')], end)];
      const stop = new AbortController();
      const watched = (async () => {
        for await (const { cursor } of client.imports.events('abc', { signal: stop.signal })) {
          if (cursor === 'e1') setImmediate(() => stop.abort(stopped));
        }
      })();
      await expect(watched).rejects.toBe(stopped);
    }
    expect(requests).toHaveLength(2);
  });

  it('closes its connection when the loop ends', async () => {
    const closed = new Promise<void>((resolve) => {
      answers = [
        (response, request) => {
          request.socket.once('close', resolve);
          stream([eventOf('e1')], 'open')(response, request);
        },
      ];
    });
    for await (const event of client.imports.allEvents()) {
      expect(event.cursor).toBe('e1');
      break;
    }
    await closed;
    expect(requests[0]?.url).toBe('/prefix/api/v1/events');
  });
});

const summary = (finishedAt: string | null): Answer => json(200, { id: 'abc', finishedAt });

describe('imports.wait()', () => {
  it('lets the server wait until the import is finished', async () => {
    answers = [summary(null), summary(null), summary('2026-11-29T02:00:00.000Z')];
    expect(await client.imports.wait('abc')).toMatchObject({ finishedAt: '2026-11-29T02:00:00.000Z' });
    expect(requests.map(({ url }) => url)).toEqual(Array(3).fill('/prefix/api/v1/imports/abc?wait=30'));
  });

  it.each([
    [undefined, 1],
    [10, 1],
    [4_600, 5],
    [3_600_000, 60],
  ])('tells the progress, with an interval of %s ms asked for as %i s', async (intervalMs, seconds) => {
    answers = [summary(null), summary('2026-11-29T02:00:00.000Z')];
    const told: unknown[] = [];
    await client.imports.wait('abc', {
      ...(intervalMs !== undefined && { intervalMs }),
      onProgress: ({ finishedAt }) => told.push(finishedAt),
    });
    expect(told).toEqual([null, '2026-11-29T02:00:00.000Z']);
    expect(requests[0]?.url).toBe(`/prefix/api/v1/imports/abc?wait=${seconds}`);
  });

  it('ends by its signal, and with a refusal', async () => {
    const stop = new AbortController();
    answers = [() => stop.abort(new Error('enough')), refused(404, 'Not Found')];
    await expect(client.imports.wait('abc', { signal: stop.signal })).rejects.toThrow('enough');
    await expect(client.imports.wait('abc')).rejects.toMatchObject({ status: 404 });
  });
});

it('sends nothing for an empty id, whose path is that of all imports', async () => {
  await expect(client.imports.get('')).rejects.toThrow(new TypeError('The id must not be empty'));
  await expect(client.imports.items('').next()).rejects.toThrow(TypeError);
  await expect(client.imports.wait('')).rejects.toThrow(TypeError);
  expect(requests).toEqual([]);
});
