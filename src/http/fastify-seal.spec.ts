import 'reflect-metadata';
import {
  Controller,
  Get,
  Injectable,
  Module,
  type OnApplicationBootstrap,
  type OnModuleInit,
  type Type,
} from '@nestjs/common';
import { HttpAdapterHost, NestFactory } from '@nestjs/core';
import { RouteConfig, type FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { configureHttp } from './configure-http.js';
import { createAdapter } from './fastify-adapter.js';
import { FastifySeal, fastifyOf } from './fastify-seal.js';

type Act = (adapter: FastifyAdapter) => unknown;

@Controller('own')
class OwnController {
  @Get()
  @RouteConfig({ declared: true })
  find(): string {
    return 'own';
  }
}

let app: NestFastifyApplication | undefined;
afterEach(async () => {
  await app?.close();
  app = undefined;
});

/** Starts an application with a sealed adapter and this provider. */
async function start(provider: Type): Promise<NestFastifyApplication> {
  @Module({ controllers: [OwnController], providers: [provider] })
  class AnyModule {}
  const adapter = createAdapter({ bodyLimit: 1_024, graceMs: 1_000 });
  const seal = new FastifySeal(adapter, (config) => 'declared' in config);
  const created = await NestFactory.create<NestFastifyApplication>(AnyModule, adapter, {
    logger: false,
    bodyParser: false,
    abortOnError: false,
  });
  app = created;
  await seal.open(() => configureHttp(created, { corsOrigins: ['https://archive.example'] }));
  await created.init();
  return created;
}

/** A provider that acts on the adapter at each point of the start. */
function providers(act: Act): Array<[string, Type]> {
  @Injectable()
  class InConstructor {
    constructor(host: HttpAdapterHost<FastifyAdapter>) {
      act(host.httpAdapter);
    }
  }
  @Injectable()
  class InModuleInit implements OnModuleInit {
    constructor(private readonly host: HttpAdapterHost<FastifyAdapter>) {}
    async onModuleInit(): Promise<void> {
      await act(this.host.httpAdapter);
    }
  }
  @Injectable()
  class InBootstrap implements OnApplicationBootstrap {
    private readonly adapter: FastifyAdapter;
    constructor(host: HttpAdapterHost<FastifyAdapter>) {
      this.adapter = host.httpAdapter;
    }
    async onApplicationBootstrap(): Promise<void> {
      await act(this.adapter);
    }
  }
  return [
    ['a constructor', InConstructor],
    ['onModuleInit', InModuleInit],
    ['onApplicationBootstrap', InBootstrap],
  ];
}

const plugin = (): Promise<void> => Promise.resolve();
const ACTS: Record<string, Act> = {
  'register() of Fastify': (adapter) => adapter.getInstance().register(plugin),
  'addHook() of Fastify': (adapter) => adapter.getInstance().addHook('onSend', plugin),
  'setErrorHandler() of Fastify': (adapter) => adapter.getInstance().setErrorHandler(() => 'mine'),
  'setNotFoundHandler() of Fastify': (adapter) => adapter.getInstance().setNotFoundHandler(() => 'mine'),
  'addContentTypeParser() of Fastify': (adapter) =>
    adapter.getInstance().addContentTypeParser('text/csv', { parseAs: 'string' }, plugin),
  'get() of Fastify': (adapter) => adapter.getInstance().get('/raw', () => 'mine'),
  'register() of the HTTP adapter': (adapter) => adapter.register(plugin),
  'setErrorHandler() of the HTTP adapter': (adapter) => adapter.setErrorHandler(() => undefined),
  'enableCors() of the HTTP adapter': (adapter) => adapter.enableCors({ origin: '*' }),
  'GET /raw, a route without a controller,': (adapter) => adapter.get('/raw', () => 'mine'),
};

describe.each(Object.entries(ACTS))('%s', (what, act) => {
  it.each(providers(act))('is refused in %s', async (_where, provider) => {
    await expect(start(provider)).rejects.toThrow(`${what} would act on every route`);
  });
});

it('A module may read, and the application works', async () => {
  const read: unknown[] = [];
  for (const [, provider] of providers((adapter) => {
    const fastify = adapter.getInstance();
    read.push(adapter.getType(), fastify.hasRoute({ method: 'GET', url: '/own' }), typeof fastify.version);
  })) {
    const { statusCode, body } = await (await start(provider)).inject('/own');
    expect({ statusCode, body }).toEqual({ statusCode: 200, body: 'own' });
    await app?.close();
  }
  expect(read).toEqual(['fastify', false, 'string', 'fastify', true, 'string', 'fastify', true, 'string']);
});

it('A sealed Fastify can be had by the code that starts the application', async () => {
  @Injectable()
  class Anything {}
  const { httpAdapter } = (await start(Anything)).get<HttpAdapterHost<FastifyAdapter>>(HttpAdapterHost);
  expect(fastifyOf(httpAdapter)).not.toBe(httpAdapter.getInstance());
});
