import { basename } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { mkdirSync } from 'node:fs';
import type { Environment } from '../../config/environment.js';
import type { MediaKindPart } from '../../extension/define-media-kind.js';
import { isKey } from '#libs/storage';
import { ServedFiles } from './served-files.js';
import { mediaFolder } from '../storage/media-folders.js';

/**
 * Serves the files of local storage at `/media/`: Range, ETag and HEAD (RFC 9110), never a script, and none of removed
 * media.
 */
export async function serveMedia(
  app: NestFastifyApplication,
  environment: Environment,
  kinds: readonly MediaKindPart[],
): Promise<void> {
  if (environment.STORAGE !== 'local') return;
  const root = mediaFolder(environment);
  const types = servedTypes(kinds);
  mkdirSync(root, { recursive: true });
  const served = app.get(ServedFiles);
  await app.register(async (scope: FastifyInstance) => {
    scope.addHook('onRequest', async (request, reply) => {
      const key: unknown = Reflect.get(Object(request.params), '*');
      // Any other spelling of a path could reach a file whose key was not asked for.
      const isServed = typeof key === 'string' && isKey(key) && !(await served.isWithdrawn(key));
      return isServed ? undefined : reply.callNotFound();
    });
    await scope.register(fastifyStatic, {
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
        void reply.header('content-type', types.get(extension) ?? 'application/octet-stream');
        void reply.header('x-content-type-options', 'nosniff');
        void reply.header('content-security-policy', "default-src 'none'; sandbox");
      },
    });
  });
}

/** Types that no browser runs as a program; files of others are served as bytes. */
const HARMLESS =
  /^(?:(?:image|audio|video|font)\/(?!svg)[\w.+-]+(?<!xml)|application\/(?:pdf|mxf|gxf|vnd\.rn-realmedia)|text\/(?:plain|vtt))$/;

/** MIME types of stored files by extension; of two kinds with the same extension, the first one counts. */
export function servedTypes(kinds: readonly Pick<MediaKindPart, 'types'>[]): ReadonlyMap<string, string> {
  const served = new Map<string, string>();
  for (const [mimeType, extension] of kinds.flatMap(({ types }) => Object.entries(types))) {
    if (!served.has(extension) && HARMLESS.test(mimeType)) served.set(extension, mimeType);
  }
  return served;
}
