import 'reflect-metadata';
import { Body, Controller, Delete, Get, HttpCode, Logger, Param, ParseIntPipe, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ErrorEnvelope } from './api-error.js';
import { configureHttp } from './configure-http.js';
import { createAdapter } from './fastify-adapter.js';
import { Text } from './validators/text.js';

class NoteDto {
  @Text({ max: 10 }) text: string;
}

const SECRET = 'hunter2';

/** Gate for a request that hangs. */
let hanging: { entered: () => void; released: Promise<void> };

@Controller('things')
class ThingsController {
  @Get('number/:n')
  number(@Param('n', ParseIntPipe) n: number): number {
    return n;
  }

  @Get('hang')
  async hang(): Promise<string> {
    hanging.entered();
    await hanging.released;
    return 'done';
  }

  @Post(':id/again')
  @HttpCode(200)
  again(@Param('id') id: string): string {
    return id;
  }

  @Delete(':id/again')
  remove(@Param('id') id: string): string {
    return id;
  }

  @Post()
  @HttpCode(200)
  post(@Body() note: NoteDto): NoteDto {
    return note;
  }
}

let app: NestFastifyApplication;
let origin: string;
let logged: unknown[][];
let warned: unknown[][];

beforeEach(async () => {
  logged = [];
  warned = [];
  vi.spyOn(Logger.prototype, 'error').mockImplementation((...line: unknown[]) => void logged.push(line));
  vi.spyOn(Logger.prototype, 'warn').mockImplementation((...line: unknown[]) => void warned.push(line));
  const module = await Test.createTestingModule({ controllers: [ThingsController] }).compile();
  const adapter = createAdapter({ bodyLimit: 2_000, graceMs: 1_000 });
  app = module.createNestApplication<NestFastifyApplication>(adapter, { logger: false });
  app.setGlobalPrefix('api');
  await configureHttp(app);
  await app.listen(0, '127.0.0.1');
  origin = await app.getUrl();
});

afterEach(async () => {
  await app.close();
  vi.restoreAllMocks();
});

function get(path: string): Promise<Response> {
  return fetch(`${origin}${path}`);
}

function post(
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${origin}/api/things`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
}

function dial(): Socket {
  return connect(Number(new URL(origin).port), '127.0.0.1');
}

/** Sends raw bytes and reads until the server closes the connection. */
async function raw(bytes: string): Promise<{ head: string; body: unknown }> {
  const socket = dial();
  socket.write(bytes);
  const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
  return { head, body: JSON.parse(body) };
}

function bad(sentence: string): ErrorEnvelope {
  return envelope(400, 'Bad Request', { body: sentence });
}

function envelope(status: number, error: string, error_details: Record<string, string>): ErrorEnvelope {
  return { status, error, error_details };
}

/** Reads the envelope of a response and checks that status line and content type agree. */
async function seen(response: Response): Promise<ErrorEnvelope> {
  const body: ErrorEnvelope = JSON.parse(await response.text());
  expect(response.status).toBe(body.status);
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  return body;
}

describe('the router', () => {
  const NOWHERE = envelope(404, 'Not Found', { url: 'No route matches this method and path' });

  it.each(['/nowhere?x=1', '/api/things/none', '/', '//', `/api/things/number/${'x'.repeat(200)}`])(
    'answers 404 at %s',
    async (path) => {
      expect(await seen(await get(path))).toEqual(NOWHERE);
    },
  );

  it('answers 405 for another method', async () => {
    const response = await fetch(`${origin}/api/things`, { method: 'DELETE' });
    expect(response.headers.get('allow')).toBe('POST');
    expect(await seen(response)).toEqual(
      envelope(405, 'Method Not Allowed', { method: 'Must be one of POST' }),
    );
  });

  it.each(['PUT', 'PATCH', 'POST', 'DELETE'])(
    'answers 405 for %s on a path with a parameter',
    async (method) => {
      const response = await fetch(`${origin}/api/things/number/7?x=1`, { method });
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    },
  );

  it('accepts a trailing slash', async () => {
    expect(await (await get('/api/things/number/7/')).text()).toBe('7');
    expect((await fetch(`${origin}/api/things/`, { method: 'PUT' })).status).toBe(405);
  });

  it.each(['/api/things/number/%ff', '/%zz'])('refuses the undecodable path %s', async (path) => {
    const details = { url: 'Must be a URL path whose percent-encoding is valid UTF-8' };
    expect(await seen(await get(path))).toEqual(envelope(400, 'Bad Request', details));
  });
});

describe('a request body', () => {
  it('is parsed', async () => {
    const response = await post('{"text":"Grüße"}');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ text: 'Grüße' });
  });

  it('that is malformed is refused with the position, without its text', async () => {
    const sentence =
      'Must be valid JSON: unexpected text outside double quotes at line 2, column 11 (offset 12)';
    expect(await seen(await post(`{\n  "text": ${SECRET}\n}`))).toEqual(bad(sentence));
  });

  it.each(['', ' \n '])('that is empty is refused', async (body) => {
    expect(await seen(await post(body))).toEqual(bad('Must be a JSON object, not an empty body'));
  });

  it('that is not UTF-8 is refused', async () => {
    const body = Buffer.concat([Buffer.from('{"text":"'), Buffer.from([0xff]), Buffer.from('"}')]);
    expect(await seen(await post(body))).toEqual(bad('Must be UTF-8; invalid at byte 9'));
  });

  it.each(['[]', '"x"', 'null', '3'])('that is %s rather than an object is refused', async (body) => {
    expect(await seen(await post(body))).toEqual(bad('Must be an object with text'));
  });

  it('that is missing is refused', async () => {
    const response = await fetch(`${origin}/api/things`, { method: 'POST' });
    expect(await seen(response)).toEqual(bad('Must be a JSON object, not an empty body'));
  });

  it.each(['application/json', 'application/json; charset=utf-8', 'application/x-www-form-urlencoded'])(
    'that is empty is accepted as %s on a route without a body',
    async (type) => {
      for (const method of ['POST', 'DELETE']) {
        const response = await fetch(`${origin}/api/things/7/again`, {
          method,
          headers: { 'content-type': type },
          ...(method === 'POST' && { body: '' }),
        });
        expect([response.status, await response.text()]).toEqual([200, '7']);
      }
    },
  );

  it('with a duplicate key is refused', async () => {
    expect(await seen(await post('{"text":"a","text":"b"}'))).toEqual(
      envelope(400, 'Bad Request', { text: 'Duplicate key; send it only once per object' }),
    );
  });

  it.each(['{"__proto__":{"x":1}}', '{"text":"a","constructor":{"prototype":{}}}'])(
    'that would pollute a prototype is refused: %s',
    async (body) => {
      expect(await seen(await post(body))).toEqual(
        bad('Must not contain the keys "__proto__" and "constructor.prototype"'),
      );
    },
  );

  it.each([true, false])('that is too large is refused (length declared: %s)', async (declared) => {
    const body = JSON.stringify({ text: 'x'.repeat(5_000_000) });
    const response = declared
      ? await post(body)
      : await fetch(`${origin}/api/things`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: new Blob([body]).stream(),
          duplex: 'half',
        });
    const details = { body: 'Too large; split the batch into several requests' };
    expect(await seen(response)).toEqual(envelope(413, 'Payload Too Large', details));
  });

  it.each([
    ['text/plain', 'Must be application/json'],
    ['application/x-www-form-urlencoded', 'Must be application/json'],
    ['application/problem+json', 'Must be application/json'],
    ['multipart/form-data; boundary=x', 'Must be application/json'],
    ['nonsense', 'Must be application/json'],
    ['application/json; charset=iso-8859-1', 'Must be application/json in UTF-8'],
  ])('of the type %s is refused', async (type, sentence) => {
    const response = await post('{"text":"x"}', { 'content-type': type });
    expect(await seen(response)).toEqual(
      envelope(415, 'Unsupported Media Type', { 'content-type': sentence }),
    );
  });

  it.each(['application/json; charset=utf-8', 'APPLICATION/JSON;charset="UTF-8"'])(
    'of the type %s is accepted',
    async (type) => {
      expect((await post('{"text":"x"}', { 'content-type': type })).status).toBe(200);
    },
  );

  it('that is compressed is refused', async () => {
    const response = await post('{"text":"x"}', { 'content-encoding': 'gzip' });
    const details = { 'content-encoding': 'Content-Encoding is not supported; send the body uncompressed' };
    expect(await seen(response)).toEqual(envelope(415, 'Unsupported Media Type', details));
  });
});

describe('a request', () => {
  it('that is malformed is refused', async () => {
    const { head, body } = await raw('NONSENSE\r\n\r\n');
    expect(head).toContain('HTTP/1.1 400 Bad Request');
    expect(body).toEqual(envelope(400, 'Bad Request', { request: 'Must be a well-formed HTTP request' }));
  });

  it('with oversized headers is refused', async () => {
    const { head, body } = await raw(`GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(head).toContain('HTTP/1.1 431 Request Header Fields Too Large');
    expect(body).toEqual(
      envelope(431, 'Request Header Fields Too Large', {
        headers: 'Too large; send fewer or shorter headers',
      }),
    );
  });

  it('with an oversized URL is refused', async () => {
    const details = { url: 'Must be at most 8000 characters' };
    const answer = await get(`/api/things?x=${'x'.repeat(8_000)}`);
    expect(await seen(answer)).toEqual(envelope(414, 'URI Too Long', details));
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect((await get(`/api/nowhere?x=${'x'.repeat(7_900)}`)).status).toBe(404);
  });

  it('that arrives too slowly is refused', async () => {
    const server = app.getHttpServer();
    expect(server).toMatchObject({ headersTimeout: 20_000, requestTimeout: 300_000 });
    // Expires before the next check of the server.
    server.headersTimeout = 1;
    const { head, body } = await raw('GET / HTTP/1.1\r\nHost: x\r\n');
    expect(head).toContain('HTTP/1.1 408 Request Timeout');
    expect(body).toEqual(
      envelope(408, 'Request Timeout', {
        request: 'Request timed out; send it in full within the time limit',
      }),
    );
  });

  it('without Host is refused', async () => {
    const { head, body } = await raw('GET /api/things HTTP/1.1\r\n\r\n');
    expect(head).toContain('HTTP/1.1 400 Bad Request');
    expect(body).toEqual(envelope(400, 'Bad Request', { host: 'HTTP/1.1 requires this header' }));
  });
});

describe('a closing connection', () => {
  it('logs nothing when the client disconnects in the middle of its body', async () => {
    const socket = dial();
    const server = app.getHttpServer();
    const arrived = once(server, 'request');
    socket.write(
      'POST /api/things HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{',
    );
    const [request]: Readable[] = await arrived;
    const gone = new Promise((resolve) => request?.once('close', resolve));
    socket.resetAndDestroy();
    await gone;
    await get('/api/nowhere');
    expect(logged).toEqual([]);
    expect(warned).toEqual([]);
  });

  it('answers 503 to a request that arrives during shutdown', async () => {
    let release: (() => void) | undefined;
    const entered = new Promise<void>((resolve) => {
      hanging = { entered: resolve, released: new Promise((go) => (release = go)) };
    });
    const socket = dial();
    socket.write('GET /api/things/hang HTTP/1.1\r\nHost: x\r\n\r\n');
    await entered;
    const stopped = once(app.getHttpServer(), 'close');
    const closed = app.close();
    await vi.waitFor(() => expect(app.getHttpServer().listening).toBe(false));
    socket.write('GET /api/things/number/1 HTTP/1.1\r\nHost: x\r\n\r\n');
    const answers = text(socket);
    release?.();
    expect(await answers).toMatch(
      /200 OK[\s\S]*done[\s\S]*503 Service Unavailable[\s\S]*retry-after: 5[\s\S]*"service":"The service is shutting down; retry in 5 seconds"/i,
    );
    await Promise.all([closed, stopped]);
  });
});
