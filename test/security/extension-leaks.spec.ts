import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ArgumentsHost,
  BadRequestException,
  type CanActivate,
  Catch,
  Controller,
  type ExceptionFilter,
  Get,
  Head,
  Injectable,
  type MiddlewareConsumer,
  Module,
  type NestModule,
  Post,
  UseFilters,
  UseGuards,
  type Type,
} from '@nestjs/common';
import {
  APP_FILTER,
  APP_GUARD,
  APP_INTERCEPTOR,
  APP_PIPE,
  ApplicationConfig,
  HttpAdapterHost,
} from '@nestjs/core';
import type { FastifyReply } from 'fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { Public, RequireScopes } from '../../src/auth/require-scopes.decorator.js';
import { parseEnvironment } from '../../src/config/parse-environment.js';
import { defineExtension, type Extension } from '../../src/extension/define-extension.js';
import { defineScopes } from '../../src/extension/define-scopes.js';
import { startApi } from '../../src/start/start-api.js';
import { startWorker } from '../../src/start/start-worker.js';
import { createProject, createToken, TOKEN_SECRET } from '../support/accounts.js';
import { createDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
let dataDir: string;
let token: string;

beforeAll(async () => {
  database = await createDatabase();
  dataDir = await mkdtemp(join(tmpdir(), 'reelport-leaks-'));
  token = await createToken(database.dataSource, await createProject(database.dataSource), [
    'public-api:write',
  ]);
});
afterAll(async () => {
  await database?.drop();
  await rm(dataDir, { recursive: true, force: true });
});

function environment() {
  return parseEnvironment({
    DATABASE_URL: database.url,
    REDIS_URL: inject('redisUrl'),
    REDIS_PREFIX: `test-${randomUUID()}`,
    DATA_DIR: dataDir,
    PORT: '0',
    TOKEN_SECRET,
    LOG_LEVEL: 'error',
  });
}

@Injectable()
class Anyone implements CanActivate {
  canActivate(): boolean {
    return true;
  }
}

@Catch()
class Teapot implements ExceptionFilter {
  catch(_error: unknown, host: ArgumentsHost): void {
    void host.switchToHttp().getResponse<FastifyReply>().code(418).send('teapot');
  }
}

/** An extension with one module of these controllers. */
function withControllers(name: string, ...controllers: Type[]): Extension {
  @Module({ controllers })
  class HouseModule {}
  return defineExtension({ name, api: [HouseModule] });
}

/** The faults that end a start. */
async function faultsOf(...extensions: readonly Extension[]): Promise<string[]> {
  const message = await startApi(environment(), extensions).then(
    () => 'started',
    (error: Error) => error.message,
  );
  return message.split('\n  ').slice(1);
}

describe('does not start with', () => {
  it.each([
    [APP_FILTER, '@UseFilters()'],
    [APP_GUARD, '@UseGuards()'],
    [APP_INTERCEPTOR, '@UseInterceptors()'],
    [APP_PIPE, '@UsePipes()'],
  ])('%s, however deep it is imported', async (provide, decorator) => {
    @Module({ providers: [{ provide, useClass: Anyone }] })
    class DeepModule {}
    @Module({})
    class WrappingModule {}
    @Module({ imports: [Promise.resolve({ module: WrappingModule, imports: [DeepModule] })] })
    class HouseModule {}
    const fault = `house: DeepModule: ${provide} would act on every route; put ${decorator} on the controllers instead`;
    expect(await faultsOf(defineExtension({ name: 'house', api: [HouseModule] }))).toEqual([fault]);
    expect(await faultsOf(defineExtension({ name: 'house', worker: [HouseModule] }))).toEqual([fault]);
  });

  it('middleware', async () => {
    @Module({})
    class HouseModule implements NestModule {
      configure(consumer: MiddlewareConsumer): void {
        consumer.apply(() => undefined).forRoutes('*path');
      }
    }
    expect(await faultsOf(defineExtension({ name: 'house', api: [HouseModule] }))).toEqual([
      'house: HouseModule.configure(): middleware is not for extensions; put @UseInterceptors() on its controllers',
    ]);
  });

  it('a provider that can add global enhancers', async () => {
    @Injectable()
    class Enhancer {
      constructor(readonly config: ApplicationConfig) {}
    }
    @Module({ providers: [Enhancer] })
    class HouseModule {}
    expect(await faultsOf(defineExtension({ name: 'house', api: [HouseModule] }))).toEqual([
      'house: HouseModule: ApplicationConfig, which a provider injects, is not for extensions',
    ]);
  });

  it('routes that take requests of others, each listed', async () => {
    @Public()
    @Controller('imports')
    class OursController {
      @Get(':name')
      one(): void {}
      @Get('summary')
      two(): void {}
      @Head()
      three(): void {}
    }
    @Public()
    @Controller('import/:kind')
    class AnyKindController {
      @Post()
      create(): void {}
    }
    @Public()
    @Controller()
    class CatchAllController {
      @Get('*path')
      all(): void {}
      @Get(':word')
      word(): void {}
    }
    @Public()
    @Controller('lists')
    class ListsController {
      @Get(':id')
      find(): void {}
    }
    @Public()
    @Controller('lists')
    class OtherListsController {
      @Get('*rest')
      find(): void {}
      @Post('new')
      create(): void {}
    }
    const faults = await faultsOf(
      withControllers('house', OursController, AnyKindController, CatchAllController, ListsController),
      withControllers('other', OtherListsController),
    );
    expect(faults).toEqual([
      'house: GET imports/:name of OursController takes requests of GET imports/:id of ImportsController (Reelport)',
      'house: GET imports/summary of OursController takes requests of GET imports/:id of ImportsController (Reelport)',
      'house: HEAD imports of OursController takes requests of GET imports of ImportsController (Reelport)',
      expect.stringMatching(
        /^house: POST import\/:kind of AnyKindController takes requests of POST import\/videos of \w+ \(Reelport\)$/,
      ),
      'house: GET *path of CatchAllController: the path must begin with a word',
      'house: GET :word of CatchAllController: the path must begin with a word',
      'other: GET lists/*rest of OtherListsController takes requests of GET lists/:id of ListsController (house)',
    ]);
  });

  it('routes without scopes, and with unknown ones', async () => {
    @Controller('lists')
    class ListsController {
      @Get()
      list(): void {}
      @Get(':id')
      @(defineScopes({ 'lists:read': 'Read the lists' }).Require('lists:read'))
      find(): void {}
      @Post()
      @RequireScopes('public-api:write')
      create(): void {}
    }
    expect(await faultsOf(withControllers('house', ListsController))).toEqual([
      'house: GET lists of ListsController declares no scopes; decorate it with Require() of the scopes, or @Public()',
      'house: GET lists/:id of ListsController requires the scope "lists:read", which no extension declares',
    ]);
  });

  it('controllers in the worker, where nobody would check tokens', async () => {
    @Controller('lists')
    class ListsController {
      @Get()
      list(): void {}
    }
    @Module({ controllers: [ListsController] })
    class HouseModule {}
    await expect(
      startWorker(environment(), [defineExtension({ name: 'house', worker: [HouseModule] })]),
    ).rejects.toThrow('house: ListsController: list the modules of controllers under api, not worker');
  });
});

describe('An extension with guards and filters of its own', () => {
  const apps: NestFastifyApplication[] = [];
  afterAll(() => Promise.all(apps.map((app) => app.close())));

  @Injectable()
  class Reads {
    readonly platform: string;
    constructor({ httpAdapter }: HttpAdapterHost) {
      this.platform = httpAdapter.getType();
    }
  }
  @Public()
  @UseGuards(Anyone)
  @UseFilters(Teapot)
  @Controller('teapots')
  class TeapotsController {
    @Get()
    list(): never {
      throw new BadRequestException();
    }
  }
  @Module({ controllers: [TeapotsController], providers: [Reads] })
  class HouseModule {}

  /** The answers to faulty requests, without what differs from one request to the next. */
  async function answersWith(extensions: readonly Extension[]): Promise<object[]> {
    const app = await startApi(environment(), extensions);
    apps.push(app);
    const url = await app.getUrl();
    const ask = async (path: string, init: RequestInit = {}): Promise<object> => {
      const response = await fetch(url + path, init);
      const headers = [...response.headers]
        .filter(([name]) => !/^(date|retry-after|ratelimit)/.test(name))
        .map(([name, value]) => `${name}: ${value}`);
      return { status: response.status, headers, body: await response.text() };
    };
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    expect(await ask('/api/v1/teapots')).toMatchObject(
      extensions.length > 0 ? { status: 418, body: 'teapot' } : { status: 404 },
    );
    return Promise.all([
      ask('/api/v1/imports'),
      ask('/api/v1/videos', { headers }),
      ask('/api/v1/imports/1', { headers }),
      ask('/api/v1/unknown', { headers }),
      ask('/api/v1/import/videos', { method: 'POST', headers, body: '{' }),
      ask('/api/v1/import/videos', { method: 'POST', headers, body: '{}' }),
    ]);
  }

  it('changes no other answer', async () => {
    const plain = await answersWith([]);
    expect(plain).toMatchObject([401, 403, 404, 404, 400, 400].map((status) => ({ status })));
    expect(plain).toMatchObject(
      plain.map(() => ({
        body: expect.stringMatching(/^\{"status":4\d\d,"error":"[A-Za-z ]+","error_details":\{/),
      })),
    );
    expect(await answersWith([defineExtension({ name: 'house', api: [HouseModule] })])).toEqual(plain);
  });
});
