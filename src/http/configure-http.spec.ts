import 'reflect-metadata';
import { Controller, Get } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { Test } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configureHttp } from './configure-http.js';
import { createAdapter } from './fastify-adapter.js';

@Controller('things')
class ThingsController {
  @Get()
  get(): string {
    return 'a thing';
  }
}

let app: NestFastifyApplication;
let origin: string;

beforeEach(async () => {
  const module = await Test.createTestingModule({ controllers: [ThingsController] }).compile();
  const adapter = createAdapter({ bodyLimit: 2_000 });
  app = module.createNestApplication<NestFastifyApplication>(adapter, { logger: false });
  app.setGlobalPrefix('api');
  await configureHttp(app);
  const document = SwaggerModule.createDocument(app, new DocumentBuilder().build());
  SwaggerModule.setup('docs', app, document);
  await app.listen(0, '127.0.0.1');
  origin = await app.getUrl();
});

afterEach(async () => {
  await app.close();
});

function get(path: string): Promise<Response> {
  return fetch(`${origin}${path}`);
}

describe('security headers', () => {
  it('are on answers and on errors', async () => {
    for (const response of [await get('/api/things'), await get('/api/nowhere')]) {
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(response.headers.get('x-frame-options')).toBe('SAMEORIGIN');
      expect(response.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    }
  });

  it('let Swagger UI work over plain HTTP', async () => {
    const page = await get('/docs');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("style-src 'self' https: 'unsafe-inline'");
    expect(policy).not.toContain('upgrade-insecure-requests');
    const html = await page.text();
    const scripts = [...html.matchAll(/<script([^>]*)>([^<]*)</g)];
    expect(scripts.length).toBeGreaterThan(0);
    for (const [, attributes = '', code = ''] of scripts) {
      expect(attributes).toContain('src=');
      expect(code.trim()).toBe('');
      const source = /src="([^"]+)"/.exec(attributes)?.[1] ?? '';
      const script = await get(new URL(source, page.url).pathname);
      expect(script.status).toBe(200);
      await script.arrayBuffer();
    }
  });
});
