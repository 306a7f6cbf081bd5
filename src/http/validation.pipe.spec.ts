import 'reflect-metadata';
import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { Test } from '@nestjs/testing';
import { Type } from 'class-transformer';
import { IsInt, registerDecorator, ValidateNested } from 'class-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiError, type ErrorEnvelope } from './api-error.js';
import { ArrayOf } from './array-of.decorator.js';
import { configureHttp } from './configure-http.js';
import { createAdapter } from './fastify-adapter.js';
import { NO_LIMITS } from './testing/no-limits.js';
import { DtoValidationPipe } from './validation.pipe.js';
import { Choice } from './validators/choice.js';
import { HttpUri } from './validators/http-uri.js';
import { JsonObject } from './validators/json-object.js';
import { PageLimit } from './validators/page-limit.js';
import { Text } from './validators/text.js';

class VideoDto {
  @HttpUri() url: string;
  @Text({ max: 255 }) id: string;
  @Text({ max: 255 }) fileName: string;
  @JsonObject({ maxBytes: 65_536 }) metadata: Record<string, unknown>;
}

class BatchDto {
  @Text({ max: 128, noControl: true, notBlank: true, example: 'archive' }) systemName: string;
  @HttpUri({ optional: true }) webhook?: string;
  @JsonObject({ maxBytes: 8192, optional: true }) context?: Record<string, unknown>;
  @ArrayOf(() => VideoDto, { max: () => 10_000, documentedMax: 10_000 }) videos: VideoDto[];
}

class SizeDto {
  @IsInt({ message: 'Must be an integer' }) width: number;
}

class ListDto {
  @PageLimit({ max: 100, default: 50 }) limit = 50;
  @Choice(['failed', 'success', 'skipped'], { optional: true }) state?: string;
  @Type(() => Number) @IsInt({ message: 'Must be an integer' }) page = 1;
}

class OddDto {
  @ValidateNested() @Type(() => SizeDto) size: SizeDto;
  @ArrayOf(() => BatchDto, { min: 0, max: 2, optional: true }) batches?: BatchDto[];
}

const pipe = new DtoValidationPipe(NO_LIMITS);

function video(index = 0): Record<string, unknown> {
  return {
    url: `https://example.com/${index}.mp4`,
    id: `v${index}`,
    fileName: `Video ${index}`,
    metadata: {},
  };
}

function batch(fields: Record<string, unknown> = {}): Record<string, unknown> {
  return { systemName: 'archive', videos: [video()], ...fields };
}

function read(value: unknown, metatype: new () => object = BatchDto): Promise<unknown> {
  return pipe.transform(value, { type: 'body', metatype });
}

async function faultsOf(
  value: unknown,
  metatype: new () => object = BatchDto,
): Promise<Record<string, string>> {
  const error: unknown = await read(value, metatype).catch((reason: unknown) => reason);
  return error instanceof ApiError && error.statusCode === 400 ? error.envelope.error_details : {};
}

describe('a valid body', () => {
  it('becomes instances of its DTOs', async () => {
    const dto = await read(batch({ webhook: 'https://example.com/hook', videos: [video(0), video(1)] }));
    expect(dto).toBeInstanceOf(BatchDto);
    expect(dto).toEqual(batch({ webhook: 'https://example.com/hook', videos: [video(0), video(1)] }));
    expect((dto instanceof BatchDto ? dto.videos : [])[1]).toBeInstanceOf(VideoDto);
  });

  it('keeps free-form objects by reference, unusual keys included', async () => {
    const metadata = { constructor: 'x', toString: 1, date: '2020', deep: [{ a: [1] }] };
    const context = { any: ['thing'] };
    const dto = await read(batch({ context, videos: [{ ...video(), metadata }] }));
    expect(dto instanceof BatchDto && dto.context).toBe(context);
    expect(dto instanceof BatchDto && dto.videos[0]?.metadata).toBe(metadata);
  });

  it('may omit optional arrays and nest arrays', async () => {
    expect(await read({ size: { width: 1 } }, OddDto)).toEqual({ size: { width: 1 } });
    const dto = await read({ size: { width: 1 }, batches: [batch()] }, OddDto);
    expect(dto instanceof OddDto && dto.batches?.[0]?.videos[0]).toBeInstanceOf(VideoDto);
  });
});

describe('an invalid body', () => {
  it('is refused with all its faults, by dotted path', async () => {
    const body = {
      systemName: ' ',
      webook: 'https://example.com',
      context: [],
      videos: [
        video(),
        'x',
        { ...video(), url: 'data:,x', id: undefined, metadata: null, title: 'x' },
        null,
        [],
      ],
    };
    expect(await faultsOf(body)).toEqual({
      webook: 'Unknown field. Did you mean "webhook"?',
      systemName: 'Must not be blank',
      context: 'Must be a JSON object of at most 8192 bytes',
      'videos.1': 'Must be an object with url, id, fileName and metadata',
      'videos.2.title': 'Unknown field; known fields: url, id, fileName and metadata',
      'videos.2.url': 'Must start with http:// or https://',
      'videos.2.id': 'Required: a string of 1 to 255 characters',
      'videos.2.metadata': 'Must be a JSON object of at most 65536 bytes',
      'videos.3': 'Must be an object with url, id, fileName and metadata',
      'videos.4': 'Must be an object with url, id, fileName and metadata',
    });
  });

  it.each([null, 'x', 3, true, []])('is refused if it is %j', async (body) => {
    expect(await faultsOf(body)).toEqual({
      body: 'Must be an object with systemName, webhook, context and videos',
    });
  });

  it.each([
    [undefined, 'Required: an array of 1 to 10000 entries'],
    [null, 'Must be an array of 1 to 10000 entries'],
    ['x', 'Must be an array of 1 to 10000 entries'],
    [{}, 'Must be an array of 1 to 10000 entries'],
    [{ length: 1, 0: {} }, 'Must be an array of 1 to 10000 entries'],
    [[], 'Must be an array of 1 to 10000 entries, not 0'],
    [Array.from({ length: 10_001 }, () => ({})), 'Must be an array of 1 to 10000 entries, not 10001'],
  ])('is refused for the wrong array %#', async (videos, sentence) => {
    expect(await faultsOf(batch({ videos }))).toEqual({ videos: sentence });
  });

  it.each(['constructor', 'toString', 'hasOwnProperty', 'valueOf', '5'])(
    'is refused for the unknown field %s, which libraries overlook',
    async (name) => {
      expect(Object.keys(await faultsOf(batch({ [name]: 1 })))).toEqual([name]);
    },
  );

  it('is refused without repeating a long field name', async () => {
    const [key = ''] = Object.keys(await faultsOf(batch({ ['x'.repeat(100_000)]: 1 })));
    expect(key).toBe(`${'x'.repeat(100)}…`);
  });

  it('is refused without repeating its values', async () => {
    const secret = 'sEcReT';
    const bad = batch({ systemName: `${secret}\u0007`, webhook: secret, context: secret, videos: secret });
    const faults = await faultsOf(bad);
    expect(Object.keys(faults)).toHaveLength(4);
    expect(JSON.stringify(faults)).not.toContain(secret);
  });

  it('is refused for faults in nested class-validator objects', async () => {
    expect(await faultsOf({ size: { width: 'x', height: 1 } }, OddDto)).toEqual({
      'size.height': 'Unknown field',
      'size.width': 'Must be an integer',
    });
  });

  it('is refused for faults in nested arrays', async () => {
    const faults = await faultsOf(
      { size: { width: 1 }, batches: [batch(), batch({ videos: [{}] })] },
      OddDto,
    );
    expect(Object.keys(faults)).toEqual(
      ['url', 'id', 'fileName', 'metadata'].map((f) => `batches.1.videos.0.${f}`),
    );
  });

  it('is refused with 100 faults and the count of all others', async () => {
    const videos = Array.from({ length: 10_000 }, (_, index) => ({ ...video(index), url: 'x', extra: 1 }));
    const faults = await faultsOf(batch({ videos }));
    expect(Object.keys(faults)).toHaveLength(101);
    expect(faults['…']).toBe('and 19900 more');
  });
});

describe('the validation pipe', () => {
  it.each([String, Number, Object, Array, undefined])('ignores a parameter of type %o', async (metatype) => {
    expect(await pipe.transform('x', { type: 'query', metatype })).toBe('x');
  });

  it('ignores values of custom decorators', async () => {
    const principal = { project: 'x' };
    expect(await pipe.transform(principal, { type: 'custom', metatype: BatchDto })).toBe(principal);
  });

  it('refuses a DTO with asynchronous rules by its name', async () => {
    class WaitingDto {
      name: string;
    }
    registerDecorator({
      target: WaitingDto,
      propertyName: 'name',
      async: true,
      name: 'free',
      validator: { validate: () => Promise.resolve(true) },
    });
    await expect(read({ name: 'x' }, WaitingDto)).rejects.toThrow('WaitingDto.name');
  });
});

describe('the event loop', () => {
  it('keeps turning while 10 000 entries are read', async () => {
    const body = batch({ videos: Array.from({ length: 10_000 }, (_, index) => video(index)) });
    let turns = 0;
    let running = true;
    const count = () => {
      turns += 1;
      if (running) setImmediate(count);
    };
    setImmediate(count);
    const dto = await read(body);
    running = false;
    expect(dto instanceof BatchDto && dto.videos).toHaveLength(10_000);
    expect(turns).toBeGreaterThan(3);
  });
});

@Controller()
class EchoController {
  @Post('batches')
  @HttpCode(200)
  post(@Body() dto: BatchDto): unknown {
    return { isDto: dto instanceof BatchDto, count: dto.videos.length };
  }

  @Get('list')
  list(@Query() query: ListDto): unknown {
    return query;
  }
}

function refused(error_details: Record<string, string>): ErrorEnvelope {
  return { status: 400, error: 'Bad Request', error_details };
}

describe('validation over HTTP', () => {
  let app: NestFastifyApplication;
  let origin: string;

  beforeAll(async () => {
    const module = await Test.createTestingModule({ controllers: [EchoController] }).compile();
    const adapter = createAdapter({ bodyLimit: 10_000_000, graceMs: 1_000 });
    app = module.createNestApplication<NestFastifyApplication>(adapter, { logger: false });
    await configureHttp(app);
    await app.listen(0, '127.0.0.1');
    origin = await app.getUrl();
  });

  afterAll(() => app.close());

  async function post(body: unknown): Promise<unknown> {
    const response = await fetch(`${origin}/batches`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return response.json();
  }

  async function list(query: string): Promise<unknown> {
    return (await fetch(`${origin}/list${query}`)).json();
  }

  it('reads 10 000 videos', async () => {
    const videos = Array.from({ length: 10_000 }, (_, index) => video(index));
    expect(await post(batch({ videos }))).toEqual({ isDto: true, count: 10_000 });
  });

  it('answers faults in the envelope', async () => {
    expect(await post(batch({ videos: [{ ...video(), url: 'https://me:pw@example.com/' }] }))).toEqual(
      refused({ 'videos.0.url': 'Must not contain a user name or password' }),
    );
  });

  it.each([
    ['', { limit: 50, page: 1 }],
    ['?limit=7&state=failed&page=3', { limit: 7, state: 'failed', page: 3 }],
    ['?limit=0', refused({ limit: 'Must be an integer from 1 to 100' })],
    ['?limit=101', refused({ limit: 'Must be an integer from 1 to 100' })],
    ['?limit=', refused({ limit: 'Must be an integer from 1 to 100' })],
    ['?limit=0x10', refused({ limit: 'Must be an integer from 1 to 100' })],
    ['?limit=1&limit=2', refused({ limit: 'Must be an integer from 1 to 100' })],
    ['?page=x', refused({ page: 'Must be an integer' })],
    ['?state=lost', refused({ state: 'Must be "failed", "success" or "skipped"' })],
    ['?Limit=5', refused({ Limit: 'Unknown field. Did you mean "limit"?' })],
    ['?__proto__=5', refused({ ['__proto__']: 'Unknown field; known fields: limit, state and page' })],
  ])('validates the query %s', async (query, answer) => {
    expect(JSON.parse(JSON.stringify(await list(query)))).toEqual(answer);
  });

  it('documents the same rules', () => {
    const { components } = SwaggerModule.createDocument(app, new DocumentBuilder().build());
    expect(components?.schemas).toMatchObject({
      BatchDto: {
        required: ['systemName', 'videos'],
        properties: {
          systemName: { type: 'string', minLength: 1, maxLength: 128, example: 'archive' },
          webhook: { type: 'string', format: 'uri', maxLength: 2048 },
          context: { type: 'object', additionalProperties: true },
          videos: {
            type: 'array',
            minItems: 1,
            maxItems: 10_000,
            items: { $ref: '#/components/schemas/VideoDto' },
          },
        },
      },
      VideoDto: { required: ['url', 'id', 'fileName', 'metadata'] },
    });
  });
});
