import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { consoleFolder } from './console-folder.js';
import { consolePage } from './console-page.js';
import { consolePolicy } from './console-policy.js';

export interface ConsoleOptions {
  /** Base URL of stored files. A function, because the port may be known only when the server listens. */
  mediaBase: () => string;
}

/** Serves the console at `/console`: one page for all of its URLs, and its files by their hash. */
export async function serveConsole(
  app: NestFastifyApplication,
  { mediaBase }: ConsoleOptions,
): Promise<void> {
  const folder = consoleFolder();
  if (folder === undefined) return;
  await app.register(fastifyStatic, {
    root: join(folder, 'assets'),
    prefix: '/console/assets/',
    decorateReply: false,
    index: false,
    redirect: false,
    preCompressed: true,
    // Files are named by their content.
    immutable: true,
    maxAge: '365d',
  });
  const page = async ({ url }: FastifyRequest, reply: FastifyReply): Promise<string> => {
    // Read each time: a new build has files of other names.
    const html = await readFile(join(folder, 'index.html'), 'utf8');
    const [path = ''] = url.split('?', 1);
    void reply
      .header('content-type', 'text/html; charset=utf-8')
      .header('cache-control', 'no-cache')
      .header('content-security-policy', consolePolicy(mediaBase()));
    return consolePage(html, path);
  };
  await app.register(async (fastify: FastifyInstance) => {
    for (const route of ['/console', '/console/*']) fastify.get(route, page);
  });
}
