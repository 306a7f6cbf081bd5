import { RequestMethod } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import { configureHttp, type HttpManners } from './http/configure-http.js';
import { openApiDocument } from './openapi.js';

export interface AppManners extends HttpManners {
  /** Where clients reach the API; by default wherever they got its description. */
  publicUrl?: string | undefined;
}

/** What makes the API of the module: for main, the tests and the writer of the OpenAPI document alike. */
export async function configureApp(
  app: NestFastifyApplication,
  { publicUrl, ...manners }: AppManners = {},
): Promise<void> {
  app.setGlobalPrefix('api/v1', {
    exclude: [
      { path: 'health/live', method: RequestMethod.GET },
      { path: 'health/ready', method: RequestMethod.GET },
      { path: 'metrics', method: RequestMethod.GET },
    ],
  });
  await configureHttp(app, manners);
  SwaggerModule.setup('docs', app, () => openApiDocument(app, publicUrl), {
    jsonDocumentUrl: 'docs-json',
    yamlDocumentUrl: 'docs-yaml',
    customSiteTitle: 'Reelport API',
    swaggerOptions: {
      persistAuthorization: true,
      displayRequestDuration: true,
      tryItOutEnabled: true,
      // Schemas stay folded: they would take half of the page.
      defaultModelsExpandDepth: 0,
    },
  });
}
