import { RequestMethod } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { configureHttp, type HttpManners } from './http/configure-http.js';
import { serveSwaggerUi, type SwaggerUiOptions } from './swagger-ui.js';

export interface AppManners extends HttpManners, SwaggerUiOptions {}

/** What makes the API of the module: for main, the tests and the writer of the OpenAPI document alike. */
export async function configureApp(
  app: NestFastifyApplication,
  { corsOrigins, ...swaggerUi }: AppManners = {},
): Promise<void> {
  app.setGlobalPrefix('api/v1', {
    exclude: [
      { path: 'health/live', method: RequestMethod.GET },
      { path: 'health/ready', method: RequestMethod.GET },
      { path: 'metrics', method: RequestMethod.GET },
    ],
  });
  await configureHttp(app, corsOrigins === undefined ? {} : { corsOrigins });
  await serveSwaggerUi(app, swaggerUi);
}
