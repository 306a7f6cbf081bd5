import 'reflect-metadata';
import { Controller, Get } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { Test } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configureHttp, type HttpOptions } from './configure-http.js';
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

async function start(options?: HttpOptions): Promise<void> {
  const module = await Test.createTestingModule({ controllers: [ThingsController] }).compile();
  const adapter = createAdapter({ bodyLimit: 2_000, graceMs: 1_000 });
  app = module.createNestApplication<NestFastifyApplication>(adapter, { logger: false });
  app.setGlobalPrefix('api');
  await configureHttp(app, options);
  const document = SwaggerModule.createDocument(app, new DocumentBuilder().build());
  SwaggerModule.setup('docs', app, document);
  await app.listen(0, '127.0.0.1');
  origin = await app.getUrl();
}

afterEach(async () => {
  await app.close();
});

function get(path: string): Promise<Response> {
  return fetch(`${origin}${path}`);
}

describe('security headers', () => {
  beforeEach(() => start());

  it('are set on responses and errors', async () => {
    for (const response of [await get('/api/things'), await get('/api/nowhere')]) {
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(response.headers.get('x-frame-options')).toBe('SAMEORIGIN');
      expect(response.headers.get('strict-transport-security')).toMatch(/^max-age=\d+$/);
      expect(response.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    }
  });

  it('allow Swagger UI over plain HTTP', async () => {
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

function preflight(from: string): Promise<Response> {
  return fetch(`${origin}/api/things`, {
    method: 'OPTIONS',
    headers: {
      origin: from,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  });
}

function allowedBy({ headers }: Response): string | null {
  return headers.get('access-control-allow-origin');
}

describe('pages of other origins', () => {
  const ALLOWED = 'https://cms.example.com';

  it('may not call by default', async () => {
    await start();
    const response = await preflight(ALLOWED);
    expect(response.status).toBe(405);
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    const answer = await fetch(`${origin}/api/things`, { headers: { origin: ALLOWED } });
    expect(allowedBy(answer)).toBeNull();
  });

  it('may call if listed, and may read errors', async () => {
    await start({ corsOrigins: [ALLOWED, 'http://localhost:5173'] });
    const response = await preflight(ALLOWED);
    expect(response.status).toBe(204);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'access-control-allow-origin': ALLOWED,
      'access-control-allow-methods': 'GET, HEAD, POST, DELETE',
      'access-control-allow-headers': 'authorization, content-type, idempotency-key, last-event-id',
      'access-control-max-age': '600',
      vary: expect.stringContaining('Origin'),
    });
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
    for (const path of ['things', 'nowhere']) {
      const answer = await fetch(`${origin}/api/${path}`, { headers: { origin: ALLOWED } });
      expect(allowedBy(answer)).toBe(ALLOWED);
      expect(answer.headers.get('access-control-expose-headers')).toBe('retry-after, www-authenticate');
    }
  });

  it.each(['https://evil.example.com', `${ALLOWED}.evil.example`, 'null'])(
    'may not call from %s',
    async (from) => {
      await start({ corsOrigins: [ALLOWED] });
      expect(allowedBy(await preflight(from))).not.toBe(from);
      expect(allowedBy(await fetch(`${origin}/api/things`, { headers: { origin: from } }))).not.toBe(from);
    },
  );
});
