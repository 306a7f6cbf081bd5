import { dirname } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import { assetPath } from '../process/asset-path.js';
import { openApiDocument } from './openapi.js';
import { withSampleBatch } from '../sample/sample-example.js';

export interface SwaggerUiOptions {
  /** Public URL of the API; by default relative to the document. */
  publicUrl?: string | undefined;
  /** Whether sign-in links work: requires `SignInModule`. */
  signIn?: boolean;
  /** URL of a video that this installation can download; the prefilled batch imports it. */
  sampleVideo?: string | undefined;
}

/** Scripts are referenced relative to the page, whose URL may have a trailing slash. */
const EXTRAS = ['/docs/extras/', '/docs/docs/extras/'];

/** Serves Swagger UI at `/docs`, with its scripts as files: the content security policy forbids inline scripts. */
export async function serveSwaggerUi(
  app: NestFastifyApplication,
  { publicUrl, signIn = false, sampleVideo }: SwaggerUiOptions,
): Promise<void> {
  const scripts = ['carry-ids.js', ...(signIn ? ['sign-in.js'] : [])];
  const document = () => openApiDocument(app, publicUrl);
  SwaggerModule.setup(
    'docs',
    app,
    () => (sampleVideo === undefined ? document() : withSampleBatch(document(), sampleVideo)),
    {
      jsonDocumentUrl: 'docs-json',
      yamlDocumentUrl: 'docs-yaml',
      customSiteTitle: 'Reelport API',
      customJs: scripts.map((name) => `./docs/extras/${name}`),
      swaggerOptions: {
        persistAuthorization: true,
        displayRequestDuration: true,
        tryItOutEnabled: true,
        // Schemas stay collapsed: expanded, they would fill half of the page.
        defaultModelsExpandDepth: 0,
      },
    },
  );
  for (const prefix of EXTRAS) {
    await app.register(fastifyStatic, {
      root: dirname(assetPath(`swagger-ui/${scripts[0]}`)),
      prefix,
      decorateReply: false,
      index: false,
      allowedPath: (path) => scripts.includes(path.slice(1)),
    });
  }
}
