import 'reflect-metadata';
import { readFile } from 'node:fs/promises';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { beforeAll, expect, it } from 'vitest';
import { AppModule } from '../../src/app.module.js';
import { configureApp } from '../../src/configure-app.js';
import { createAdapter } from '../../src/http/fastify-adapter.js';
import { routesOf, type Route } from './routes.reading.js';

let routes: Route[];

beforeAll(async () => {
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule,
    createAdapter({ bodyLimit: 1_024 }),
    {
      preview: true,
      logger: ['error'],
      abortOnError: false,
    },
  );
  await configureApp(app);
  routes = routesOf(app);
});

it('every route declares its scopes, or that it is public', () => {
  expect(routes.length).toBeGreaterThan(0);
  expect(routes.filter(({ scopes }) => scopes === undefined)).toEqual([]);
});

it('who may call what is what routes.txt says', async () => {
  const lines = routes.map(
    ({ method, path, scopes = [] }) =>
      `${method} ${path} → ${scopes.length === 0 ? 'public' : scopes.join(' ')}`,
  );
  const text = `${lines.sort().join('\n')}\n`;
  await expect(text).toMatchFileSnapshot('routes.txt');
  // The file itself, so that a snapshot made anew by a run without it does not pass for agreement.
  expect(await readFile('test/contract/routes.txt', 'utf8')).toBe(text);
});
