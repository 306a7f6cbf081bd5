import 'reflect-metadata';
import {
  BadRequestException,
  type CanActivate,
  ConflictException,
  Controller,
  ForbiddenException,
  Get,
  GoneException,
  Header,
  Injectable,
  Logger,
  type MiddlewareConsumer,
  Module,
  NotFoundException,
  Param,
  ParseIntPipe,
  Query,
  Res,
  ServiceUnavailableException,
  UnauthorizedException,
  UseGuards,
} from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import type { FastifyReply } from 'fastify';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { Pool } from 'pg';
import { QueryFailedError } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  badRequest,
  conflict,
  type ErrorEnvelope,
  forbidden,
  notFound,
  serviceUnavailable,
  unauthorized,
  unprocessable,
  usageLimitExceeded,
} from './api-error.js';
import { configureHttp } from './configure-http.js';
import { createAdapter } from './fastify-adapter.js';

const SECRET = 'hunter2';

@Injectable()
class RefusingGuard implements CanActivate {
  canActivate(): boolean {
    return false;
  }
}

function postgresError(code: string): QueryFailedError {
  return new QueryFailedError('SELECT 1', [SECRET], Object.assign(new Error('from the server'), { code }));
}

/** Errors that services, guards and libraries may throw, by name. */
const THROWN: Record<string, () => unknown> = {
  badRequest: () => badRequest({ 'videos.3.url': 'Must be a URL' }),
  tooMany: () => badRequest(Object.fromEntries(Array.from({ length: 137 }, (_, n) => [`f.${n}`, 'Must go']))),
  unauthorized: () => unauthorized('The access token has expired'),
  forbidden: () => forbidden(),
  notFound: () => notFound('There is no import with this id'),
  conflict: () => conflict({ id: 'This import still runs' }),
  unprocessable: () => unprocessable({ 'idempotency-key': 'This key was used with another body' }),
  limit: () => usageLimitExceeded({ access_token: 'Rate limit exceeded for this token' }, 7.2),
  unavailable: () => serviceUnavailable('The service starts', 3),
  nestUnauthorized: () => new UnauthorizedException(),
  nestForbidden: () => new ForbiddenException(),
  nestConflict: () => new ConflictException('The name is taken'),
  nestList: () => new BadRequestException(['a must be b', 'c must be d']),
  nestNotFound: () => new NotFoundException(),
  nestGone: () => new GoneException(),
  health: () =>
    new ServiceUnavailableException({
      status: 'error',
      error: { database: { status: 'down', message: SECRET } },
    }),
  shutdown: () => postgresError('57P01'),
  starting: () => postgresError('57P03'),
  connectionLost: () => postgresError('08006'),
  tooManyConnections: () => postgresError('53300'),
  uniqueViolation: () => postgresError('23505'),
  bug: () => new TypeError(`boom ${SECRET}`, { cause: new Error('the root of it') }),
  notAnError: () => 'just a string',
};

@Controller('things')
class ThingsController {
  @Get('throw/:name')
  throw(@Param('name') name: string): never {
    throw THROWN[name]?.();
  }

  @Get('number/:n')
  number(@Param('n', ParseIntPipe) n: number): number {
    return n;
  }

  @Get('guarded')
  @UseGuards(RefusingGuard)
  guarded(): string {
    return 'never';
  }

  @Get('database')
  async database(@Query('port', ParseIntPipe) port: number): Promise<unknown> {
    const pool = new Pool({ host: '127.0.0.1', port, user: 'x', database: 'x', password: 'x' });
    try {
      return await pool.query('SELECT 1');
    } finally {
      await pool.end();
    }
  }

  @Get('csv')
  @Header('content-type', 'text/csv')
  @Header('content-disposition', 'attachment; filename="report.csv"')
  csv(): never {
    throw notFound('There is no import with this id');
  }

  @Get('half-sent')
  async halfSent(@Res() reply: FastifyReply): Promise<never> {
    reply.raw.writeHead(200, { 'content-type': 'text/csv' });
    await new Promise((written) => reply.raw.write('one,two\n', written));
    throw new Error('the database connection was lost');
  }
}

@Module({ controllers: [ThingsController], providers: [RefusingGuard] })
class ThingsModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer
      .apply(() => {
        throw forbidden();
      })
      .forRoutes('things/behind-middleware');
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
  const module = await Test.createTestingModule({ imports: [ThingsModule] }).compile();
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

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('not listening on a port');
  return address.port;
}

/** Makes the service use a database that `onConnection` simulates. */
async function withServer(onConnection: Parameters<typeof createServer>[1]): Promise<Response> {
  const server = createServer(onConnection).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await get(`/api/things/database?port=${portOf(server)}`);
  } finally {
    server.close();
  }
}

describe('the error envelope', () => {
  const DOWN = { service: 'The database is unavailable; retry in 5 seconds' };

  it.each([
    ['badRequest', 400, 'Bad Request', { 'videos.3.url': 'Must be a URL' }],
    ['unauthorized', 401, 'Unauthorized', { access_token: 'The access token has expired' }],
    ['forbidden', 403, 'Forbidden', { access_token: 'The request requires higher privileges' }],
    ['notFound', 404, 'Not Found', { id: 'There is no import with this id' }],
    ['conflict', 409, 'Conflict', { id: 'This import still runs' }],
    [
      'unprocessable',
      422,
      'Unprocessable Content',
      { 'idempotency-key': 'This key was used with another body' },
    ],
    ['limit', 429, 'Usage Limit Exceeded', { access_token: 'Rate limit exceeded for this token' }],
    ['unavailable', 503, 'Service Unavailable', { service: 'The service starts' }],
    ['nestUnauthorized', 401, 'Unauthorized', { access_token: 'Must be a valid bearer token' }],
    ['nestForbidden', 403, 'Forbidden', { access_token: 'The request requires higher privileges' }],
    ['nestConflict', 409, 'Conflict', { request: 'The name is taken' }],
    ['nestList', 400, 'Bad Request', { request: 'a must be b; c must be d' }],
    ['nestNotFound', 404, 'Not Found', { id: 'No resource has this id' }],
    ['nestGone', 400, 'Bad Request', { request: 'Must be a well-formed request' }],
    ['health', 503, 'Service Unavailable', { database: 'This is down' }],
    ['shutdown', 503, 'Service Unavailable', DOWN],
    ['starting', 503, 'Service Unavailable', DOWN],
    ['connectionLost', 503, 'Service Unavailable', DOWN],
    ['tooManyConnections', 503, 'Service Unavailable', DOWN],
  ] as const)('renders %s', async (name, status, error, details) => {
    expect(await seen(await get(`/api/things/throw/${name}`))).toEqual(envelope(status, error, details));
    expect(logged).toEqual([]);
  });

  it.each([
    ['unauthorized', 'www-authenticate', 'Bearer'],
    ['nestUnauthorized', 'www-authenticate', 'Bearer'],
    ['limit', 'retry-after', '8'],
    ['unavailable', 'retry-after', '3'],
    ['health', 'retry-after', '5'],
    ['shutdown', 'retry-after', '5'],
  ])('sends for %s the header %s', async (name, header, value) => {
    const response = await get(`/api/things/throw/${name}`);
    expect(response.headers.get(header)).toBe(value);
  });

  it('shows 100 details and counts the rest', async () => {
    const { error_details } = await seen(await get('/api/things/throw/tooMany'));
    const keys = Object.keys(error_details);
    expect(keys).toHaveLength(101);
    expect(keys.at(-1)).toBe('…');
    expect(error_details['…']).toBe('and 37 more');
  });

  it('renders the refusal of a guard', async () => {
    const details = { access_token: 'The request requires higher privileges' };
    expect(await seen(await get('/api/things/guarded'))).toEqual(envelope(403, 'Forbidden', details));
  });

  it('renders an error of a middleware, which has a bare response', async () => {
    const details = { access_token: 'The request requires higher privileges' };
    expect(await seen(await get('/api/things/behind-middleware'))).toEqual(
      envelope(403, 'Forbidden', details),
    );
  });

  it('renders an error of a Nest pipe', async () => {
    const response = await get(`/api/things/number/${SECRET}`);
    expect(response.status).toBe(400);
    expect(await response.text()).not.toContain(SECRET);
  });

  it('removes headers that the handler set for success', async () => {
    const response = await get('/api/things/csv');
    expect(await seen(response)).toEqual(
      envelope(404, 'Not Found', { id: 'There is no import with this id' }),
    );
    expect(response.headers.get('content-disposition')).toBeNull();
    expect(warned).toEqual([]);
  });
});

describe('an unavailable database is answered with 503', () => {
  it('if it refuses the connection', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const closed = portOf(server);
    server.close();
    await once(server, 'close');
    const response = await get(`/api/things/database?port=${closed}`);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
    expect(logged).toEqual([]);
    expect(warned).toHaveLength(1);
    expect(String(warned[0]?.[0])).toContain('route="GET /api/things/database": ');
  });

  it('if it closes the connection', async () => {
    const response = await withServer((socket) => socket.once('data', () => socket.end()));
    expect(response.status).toBe(503);
  });

  it('if it is starting', async () => {
    const response = await withServer((socket) =>
      socket.once('data', () => {
        const fields = Buffer.from('SFATAL\0C57P03\0Mthe database system is starting up\0\0');
        const head = Buffer.alloc(5);
        head.write('E');
        head.writeInt32BE(fields.length + 4, 1);
        socket.end(Buffer.concat([head, fields]));
      }),
    );
    expect(response.status).toBe(503);
  });
});

describe('a 500', () => {
  it.each(['bug', 'uniqueViolation', 'notAnError'])(
    'for a %s carries an id that is also logged',
    async (name) => {
      const response = await get(`/api/things/throw/${name}?token=${SECRET}`);
      const body = await seen(response);
      expect(body).toEqual(
        envelope(500, 'Internal Server Error', { errorId: body.error_details.errorId ?? 'none' }),
      );
      expect(body.error_details.errorId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      expect(logged).toHaveLength(1);
      expect(logged[0]?.[0]).toBe(
        `Request failed status=500 errorId=${body.error_details.errorId} route="GET /api/things/throw/${name}"`,
      );
    },
  );

  it('logs the stack with its causes, without query parameters', async () => {
    await get('/api/things/throw/bug');
    await get('/api/things/throw/uniqueViolation');
    expect(logged[0]?.[1]).toMatch(/TypeError: boom[\s\S]*at [\s\S]*Caused by: Error: the root of it/);
    expect(logged[1]?.[1]).toContain('from the server');
    expect(String(logged[1]?.[1])).not.toContain(SECRET);
  });

  it('closes the connection if part of the response was sent', async () => {
    const whole = get('/api/things/half-sent').then((response) => response.text());
    await expect(whole).rejects.toThrow(/terminated|aborted|fetch failed/);
    expect(logged).toHaveLength(1);
  });
});
