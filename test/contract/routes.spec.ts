import 'reflect-metadata';
import { Controller, type DynamicModule, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { expect, it } from 'vitest';
import { AppModule } from '../../src/app.module.js';
import { ConfigModule } from '../../src/config/config.module.js';
import { parseEnvironment } from '../../src/config/parse-environment.js';
import { configureApp } from '../../src/start/configure-app.js';
import { createAdapter } from '../../src/http/fastify-adapter.js';
import { installedExtensions } from '../../src/installed-extensions.js';
import { routesOf, type Route } from './routes.reading.js';

const environment = parseEnvironment({});
const app = AppModule.of(environment, installedExtensions(environment, []));

/** Reads the routes in preview mode, which instantiates nothing. */
async function declaredRoutes(module: DynamicModule): Promise<Route[]> {
  const app = await NestFactory.create<NestFastifyApplication>(
    module,
    createAdapter({ bodyLimit: 1_024, graceMs: 1_000 }),
    {
      preview: true,
      logger: ['error'],
      abortOnError: false,
    },
  );
  await configureApp(app);
  return routesOf(app);
}

it('every route declares its scopes or is marked as public', async () => {
  const routes = await declaredRoutes(app);
  expect(routes.length).toBeGreaterThan(0);
  expect(routes.filter(({ scopes }) => scopes === undefined)).toEqual([]);
});

it('a route without a declaration is detected', async () => {
  @Controller('forgotten')
  class ForgottenController {
    @Get(':id')
    find(): void {}
  }
  @Module({ controllers: [ForgottenController] })
  class ForgottenModule {}
  expect(
    await declaredRoutes({ module: ForgottenModule, imports: [ConfigModule.forRoot(environment)] }),
  ).toEqual([{ method: 'GET', path: '/api/v1/forgotten/:id', scopes: undefined }]);
});

it('routes.txt lists the scopes of every route (npx vitest run test/contract/routes.spec.ts -u)', async () => {
  const routes = await declaredRoutes(app);
  const lines = routes.map(
    ({ method, path, scopes = [] }) =>
      `${method} ${path} → ${scopes.length === 0 ? 'public' : scopes.join(' ')}`,
  );
  await expect(`${lines.sort().join('\n')}\n`).toMatchFileSnapshot('routes.txt');
});
