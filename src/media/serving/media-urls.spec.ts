import 'reflect-metadata';
import { HttpAdapterHost } from '@nestjs/core';
import { expect, it } from 'vitest';
import { parseEnvironment } from '../../config/parse-environment.js';
import { Extensions } from '../../extension/extensions.js';
import { createAdapter } from '../../http/fastify-adapter.js';
import { MediaUrls } from './media-urls.js';

const KEY = '2019/11/21/a.mp4';

function urls(environment: Record<string, string>, host = new HttpAdapterHost()): MediaUrls {
  return new MediaUrls(parseEnvironment(environment), host, new Extensions([]));
}

it.each([
  [{}, `http://localhost:3000/media/${KEY}`],
  [{ PORT: '8080' }, `http://localhost:8080/media/${KEY}`],
  [{ PORT: '8080', PUBLIC_URL: 'https://reelport.example' }, `https://reelport.example/media/${KEY}`],
  [{ PUBLIC_URL: 'https://a.example', MEDIA_BASE_URL: 'https://cdn.example' }, `https://cdn.example/${KEY}`],
  [{ MEDIA_BASE_URL: 'https://cdn.example/videos/' }, `https://cdn.example/videos/${KEY}`],
])('builds file URLs with %j', (environment, url) => {
  expect(urls(environment).original(KEY)).toBe(url);
  expect(urls(environment).url(KEY)).toBe(`${url}?auto=format`);
});

it('adds no question mark without a query', () => {
  expect(urls({ MEDIA_URL_QUERY: '' }).url(KEY)).toBe(`http://localhost:3000/media/${KEY}`);
});

it('uses the actual port of the server if PORT is 0', async () => {
  const host = new HttpAdapterHost();
  const adapter = createAdapter({ bodyLimit: 1, graceMs: 1_000 });
  host.httpAdapter = adapter;
  const made = urls({ PORT: '0' }, host);
  await new Promise<void>((resolve) => adapter.listen(0, '127.0.0.1', () => resolve()));
  const address = adapter.getHttpServer().address();
  expect(address).toMatchObject({ port: expect.any(Number) });
  const port = typeof address === 'object' ? address?.port : undefined;
  expect(made.original(KEY)).toBe(`http://localhost:${port}/media/${KEY}`);
  await adapter.close();
});
