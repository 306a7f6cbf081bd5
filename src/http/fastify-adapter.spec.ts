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

/** What a request that hangs waits for. */
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

/** Sends bytes as they are and reads until the server ends the connection. */
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

/** The envelope of an answer, once it is sure that its status line and content type agree. */
async function seen(response: Response): Promise<ErrorEnvelope> {
  const body: ErrorEnvelope = JSON.parse(await response.text());
  expect(response.status).toBe(body.status);
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  return body;
}

describe('the router', () => {
  const NOWHERE = envelope(404, 'Not Found', { url: 'There is nothing at this address for this method' });

  it.each(['/nowhere?x=1', '/api/things/none', '/', '//', `/api/things/number/${'x'.repeat(200)}`])(
    'knows nothing at %s',
    async (path) => {
      expect(await seen(await get(path))).toEqual(NOWHERE);
    },
  );

  it('knows no such method', async () => {
    const response = await fetch(`${origin}/api/things`, { method: 'DELETE' });
    expect(response.headers.get('allow')).toBe('POST');
    expect(await seen(response)).toEqual(
      envelope(405, 'Method Not Allowed', { method: 'This must be one of POST' }),
    );
  });

  it.each(['PUT', 'PATCH', 'POST', 'DELETE'])(
    'knows a path with a parameter, but not to %s',
    async (method) => {
      const response = await fetch(`${origin}/api/things/number/7?x=1`, { method });
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    },
  );

  it('takes a slash at the end', async () => {
    expect(await (await get('/api/things/number/7/')).text()).toBe('7');
    expect((await fetch(`${origin}/api/things/`, { method: 'PUT' })).status).toBe(405);
  });

  it.each(['/api/things/number/%ff', '/%zz'])('cannot decode %s', async (path) => {
    const details = { url: 'This must be a URL path whose percent-encoding is valid UTF-8' };
    expect(await seen(await get(path))).toEqual(envelope(400, 'Bad Request', details));
  });
});

describe('the body', () => {
  it('is read', async () => {
    const response = await post('{"text":"Grüße"}');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ text: 'Grüße' });
  });

  it('is malformed: the place is told, the text is not', async () => {
    const sentence =
      'This must be valid JSON: text outside of double quotes is not expected at line 2, column 11 (offset 12)';
    expect(await seen(await post(`{\n  "text": ${SECRET}\n}`))).toEqual(bad(sentence));
  });

  it.each(['', ' \n '])('is empty', async (body) => {
    expect(await seen(await post(body))).toEqual(bad('This must be a JSON object, not an empty body'));
  });

  it('is not UTF-8', async () => {
    const body = Buffer.concat([Buffer.from('{"text":"'), Buffer.from([0xff]), Buffer.from('"}')]);
    expect(await seen(await post(body))).toEqual(bad('This must be UTF-8; it is not from byte 9 on'));
  });

  it.each(['[]', '"x"', 'null', '3'])('is %s instead of an object', async (body) => {
    expect(await seen(await post(body))).toEqual(bad('This must be an object with text'));
  });

  it('is missing', async () => {
    const response = await fetch(`${origin}/api/things`, { method: 'POST' });
    expect(await seen(response)).toEqual(bad('This must be a JSON object, not an empty body'));
  });

  it.each(['application/json', 'application/json; charset=utf-8', 'application/x-www-form-urlencoded'])(
    'is empty and labelled %s where the route has none',
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

  it('has a key twice', async () => {
    expect(await seen(await post('{"text":"a","text":"b"}'))).toEqual(
      envelope(400, 'Bad Request', { text: 'This must be there once, not twice in one object' }),
    );
  });

  it.each(['{"__proto__":{"x":1}}', '{"text":"a","constructor":{"prototype":{}}}'])(
    'poisons: %s',
    async (body) => {
      expect(await seen(await post(body))).toEqual(
        bad('This must not have the keys "__proto__" and "constructor.prototype"'),
      );
    },
  );

  it.each([true, false])('is too large (length declared: %s)', async (declared) => {
    const body = JSON.stringify({ text: 'x'.repeat(5_000_000) });
    const response = declared
      ? await post(body)
      : await fetch(`${origin}/api/things`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: new Blob([body]).stream(),
          duplex: 'half',
        });
    const details = { body: 'This must be a smaller body: send the batch in several parts' };
    expect(await seen(response)).toEqual(envelope(413, 'Payload Too Large', details));
  });

  it.each([
    ['text/plain', 'This must be application/json'],
    ['application/x-www-form-urlencoded', 'This must be application/json'],
    ['application/problem+json', 'This must be application/json'],
    ['multipart/form-data; boundary=x', 'This must be application/json'],
    ['nonsense', 'This must be application/json'],
    ['application/json; charset=iso-8859-1', 'This must be application/json in UTF-8'],
  ])('is of the type %s', async (type, sentence) => {
    const response = await post('{"text":"x"}', { 'content-type': type });
    expect(await seen(response)).toEqual(
      envelope(415, 'Unsupported Media Type', { 'content-type': sentence }),
    );
  });

  it.each(['application/json; charset=utf-8', 'APPLICATION/JSON;charset="UTF-8"'])(
    'may say %s',
    async (type) => {
      expect((await post('{"text":"x"}', { 'content-type': type })).status).toBe(200);
    },
  );

  it('is compressed', async () => {
    const response = await post('{"text":"x"}', { 'content-encoding': 'gzip' });
    const details = { 'content-encoding': 'This must be left out: compressed bodies are not read' };
    expect(await seen(response)).toEqual(envelope(415, 'Unsupported Media Type', details));
  });
});

describe('what is not HTTP enough for a request', () => {
  it('is malformed', async () => {
    const { head, body } = await raw('NONSENSE\r\n\r\n');
    expect(head).toContain('HTTP/1.1 400 Bad Request');
    expect(body).toEqual(
      envelope(400, 'Bad Request', { request: 'This must be a well-formed HTTP request' }),
    );
  });

  it('has headers without end', async () => {
    const { head, body } = await raw(`GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(head).toContain('HTTP/1.1 431 Request Header Fields Too Large');
    expect(body).toEqual(
      envelope(431, 'Request Header Fields Too Large', { headers: 'These must be shorter' }),
    );
  });

  it('has a URL that is too long', async () => {
    const details = { url: 'This must be no longer than 8000 characters' };
    const answer = await get(`/api/things?x=${'x'.repeat(8_000)}`);
    expect(await seen(answer)).toEqual(envelope(414, 'URI Too Long', details));
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect((await get(`/api/nowhere?x=${'x'.repeat(7_900)}`)).status).toBe(404);
  });

  it('comes too slowly', async () => {
    const server = app.getHttpServer();
    expect(server).toMatchObject({ headersTimeout: 20_000, requestTimeout: 300_000 });
    // The time that is over when the server looks next.
    server.headersTimeout = 1;
    const { head, body } = await raw('GET / HTTP/1.1\r\nHost: x\r\n');
    expect(head).toContain('HTTP/1.1 408 Request Timeout');
    expect(body).toEqual(
      envelope(408, 'Request Timeout', { request: 'This must arrive in full within the time limit' }),
    );
  });

  it('has no Host', async () => {
    const { head, body } = await raw('GET /api/things HTTP/1.1\r\n\r\n');
    expect(head).toContain('HTTP/1.1 400 Bad Request');
    expect(body).toEqual(envelope(400, 'Bad Request', { host: 'This header is required by HTTP/1.1' }));
  });
});

describe('connections that end', () => {
  it('a client that leaves in the middle of its body leaves no line in the log', async () => {
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

  it('a request that comes in while the service shuts down is sent elsewhere', async () => {
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
      /200 OK[\s\S]*done[\s\S]*503 Service Unavailable[\s\S]*retry-after: 5[\s\S]*"service":"The service is shutting down; try again"/i,
    );
    await Promise.all([closed, stopped]);
  });
});
