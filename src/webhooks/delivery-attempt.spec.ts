import { once } from 'node:events';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { OutboundClient, type OutboundResponse } from '#libs/outbound-http';
import { listen, type Listening } from '../testing/listen.js';
import type { MadeAttempt } from './delivery-attempt.js';
import { openWebhooksScope, type Settings, type WebhooksScope } from './testing/webhooks-scope.js';

let scope: WebhooksScope;
let projectId: number;
let receivers: Listening[] = [];

beforeAll(async () => {
  scope = await openWebhooksScope();
  ({ projectId } = await scope.project('attempts'));
});
afterEach(async () => {
  await Promise.all(receivers.map((receiver) => receiver.close()));
  receivers = [];
});
afterAll(() => scope.close());

/** Starts a receiver that answers as the listener does. Returns its URL. */
async function open(listener: RequestListener): Promise<string> {
  const receiver = await listen(createServer(listener));
  receivers.push(receiver);
  return `${receiver.base}/hook`;
}

async function attemptAt(listener: RequestListener, settings?: Settings): Promise<MadeAttempt | null> {
  return scope.attempt(projectId, await open(listener), { settings });
}

/** What is kept of a response. */
async function keptOf(
  status: number,
  headers: Record<string, string>,
  body: string | Buffer,
  settings: Settings = {},
): Promise<string | null | undefined> {
  const made = await attemptAt((_, response) => response.writeHead(status, headers).end(body), settings);
  expect(made?.outcome.statusCode).toBe(status);
  return made?.record.response;
}

const TEXT = { 'content-type': 'text/plain' };
const SENTENCE = 'The database is locked';

/** Sends the headers and a part of the body. */
function begin(response: ServerResponse, status: number, text: string, then?: () => void): void {
  response.writeHead(status, TEXT);
  response.write(text, then);
}

describe('the response of a receiver', () => {
  it.each([
    ['text/plain', SENTENCE],
    ['Text/HTML; charset=UTF-8', '<h1>Für später</h1>'],
    ['application/json', '{"error":"€"}'],
    ['application/problem+json; charset="utf-8"', '{"title":"Locked"}'],
    ['application/xml', '<error/>'],
    ['application/soap+xml', '<error/>'],
    ['application/x-www-form-urlencoded', 'error=locked'],
    ['text/plain; charset=unheard-of', 'für'],
  ])('is kept as text: %s', async (type, text) => {
    expect(await keptOf(500, { 'content-type': type }, text)).toBe(text);
  });

  it('is kept without a media type, if it is UTF-8', async () => {
    expect(await keptOf(500, {}, 'für später')).toBe('für später');
    expect(await keptOf(500, {}, Buffer.from('für später', 'latin1'))).toBeNull();
  });

  it('is decoded by its charset', async () => {
    const latin1 = { 'content-type': 'text/html; charset=ISO-8859-1' };
    expect(await keptOf(500, latin1, Buffer.from('für später', 'latin1'))).toBe('für später');
  });

  it('is kept of an accepted delivery, too', async () => {
    expect(await keptOf(200, TEXT, 'Thank you')).toBe('Thank you');
  });

  it.each(['image/png', 'application/octet-stream', 'application/pdf', 'multipart/form-data', 'text'])(
    'is not kept if it is not text: %s',
    async (type) => {
      expect(await keptOf(500, { 'content-type': type }, SENTENCE)).toBeNull();
    },
  );

  it('is not kept if it is compressed', async () => {
    expect(await keptOf(500, { ...TEXT, 'content-encoding': 'gzip' }, gzipSync(SENTENCE))).toBeNull();
  });

  it('is not kept if it is empty', async () => {
    expect(await keptOf(500, TEXT, '')).toBeNull();
    expect(await keptOf(204, {}, '')).toBeNull();
  });

  it('is not kept without an answer', async () => {
    const made = await attemptAt((request) => request.socket.destroy());
    expect(made?.record).toMatchObject({ statusCode: null, response: null });
  });

  it('has control characters replaced, which PostgreSQL or a terminal would not take', async () => {
    const sent = 'a\0b\u001b[31mc\u007f\u0085\td\r\n';
    expect(await keptOf(500, TEXT, sent)).toBe('a\uFFFDb\uFFFD[31mc\uFFFD\uFFFD\td\r\n');
    expect(await keptOf(500, TEXT, Buffer.from([0x61, 0xff, 0x62]))).toBe('a\uFFFDb');
  });

  it('is cut at a whole character', async () => {
    const settings = { WEBHOOK_RESPONSE_BYTES: '10' };
    expect(await keptOf(500, TEXT, 'x'.repeat(50_000), settings)).toBe('x'.repeat(10));
    expect(await keptOf(500, TEXT, `${'x'.repeat(9)}€`, settings)).toBe('x'.repeat(9));
    expect(await keptOf(500, TEXT, `${'x'.repeat(8)}😀`, settings)).toBe('x'.repeat(8));
    expect(await keptOf(500, {}, `${'x'.repeat(8)}€ and more`, settings)).toBe('x'.repeat(8));
    expect(await keptOf(500, TEXT, `${'x'.repeat(7)}€ and more`, settings)).toBe(`${'x'.repeat(7)}€`);
  });

  it('is not kept if the limit is 0', async () => {
    expect(await keptOf(500, TEXT, SENTENCE, { WEBHOOK_RESPONSE_BYTES: '0' })).toBeNull();
  });
});

describe('a body that does not end well', () => {
  it('leaves the outcome to the status if it hangs, and is given up with the attempt', async () => {
    const settings = { WEBHOOK_TIMEOUT_MS: '300ms' };
    const made = await attemptAt((_, response) => begin(response, 200, 'Thank'), settings);
    expect(made?.outcome.statusCode).toBe(200);
    expect(made?.record).toMatchObject({ statusCode: 200, error: null, response: 'Thank' });
  });

  it('leaves the outcome to the status if the connection is reset', async () => {
    const made = await attemptAt((request, response) => {
      begin(response, 500, 'The data', () => request.socket.resetAndDestroy());
    });
    expect(made?.record).toMatchObject({
      statusCode: 500,
      error: 'The receiver answered 500',
      response: 'The data',
    });
  });

  it('leaves the outcome to the status if it is shorter than announced', async () => {
    const made = await attemptAt((request, response) => {
      response.writeHead(200, { ...TEXT, 'content-length': '100' });
      response.write('Thank', () => request.socket.end());
    });
    expect(made?.record).toMatchObject({ statusCode: 200, error: null, response: 'Thank' });
  });

  it('is closed after the first bytes if it never ends', async () => {
    let closed: Promise<unknown> | undefined;
    const made = await attemptAt((_, response) => {
      closed = once(response, 'close');
      response.writeHead(200, TEXT);
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(10_000)));
      };
      response.on('drain', more);
      more();
    });
    expect(made?.record).toMatchObject({ statusCode: 200, error: null, response: 'x'.repeat(1_024) });
    await closed;
  });

  it('leaves the outcome to the status if a shutdown aborts the attempt', async () => {
    const shutdown = new AbortController();
    const client = new AbortingClient(shutdown);
    const receiver = await open((_, response) => begin(response, 200, 'Thank'));
    const made = await scope.attempt(projectId, receiver, { client, signal: shutdown.signal });
    expect(made?.record).toMatchObject({ statusCode: 200, error: null });
    await client.close();
  });
});

/** Aborts when it has the headers, which cannot be timed from outside. */
class AbortingClient extends OutboundClient {
  constructor(private readonly shutdown: AbortController) {
    super({ trustedNetworks: ['127.0.0.0/8'] });
  }

  override async request(...request: Parameters<OutboundClient['request']>): Promise<OutboundResponse> {
    const response = await super.request(...request);
    this.shutdown.abort();
    return response;
  }
}
