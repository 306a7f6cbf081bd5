import { basename } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { mkdirSync } from 'node:fs';
import { MIME_TYPES } from '#libs/media-probe';
import type { Environment } from '../../config/environment.js';
import { mediaFolder } from '../storage/media-folders.js';

/** Serves the files of local storage at `/media/`: Range, ETag and HEAD (RFC 9110), never a script. */
export async function serveMedia(app: NestFastifyApplication, environment: Environment): Promise<void> {
  if (environment.STORAGE !== 'local') return;
  const root = mediaFolder(environment);
  mkdirSync(root, { recursive: true });
  await app.register(fastifyStatic, {
    root,
    prefix: '/media/',
    decorateReply: false,
    index: false,
    redirect: false,
    dotfiles: 'ignore',
    // A 403 would reveal which folders exist.
    allowedPath: (path) => !path.endsWith('/'),
    // Files never change under their key.
    immutable: true,
    maxAge: '365d',
    setHeaders: (reply, path) => {
      const [, extension = ''] = /\.([a-z0-9]+)$/.exec(basename(path)) ?? [];
      void reply.header('content-type', MIME_TYPES.get(extension) ?? 'application/octet-stream');
      void reply.header('x-content-type-options', 'nosniff');
      void reply.header('content-security-policy', "default-src 'none'; sandbox");
    },
  });
}
