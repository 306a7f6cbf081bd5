import { RequestMethod } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { configureHttp, type HttpOptions } from '../http/configure-http.js';
import { serveSwaggerUi, type SwaggerUiOptions } from '../openapi/swagger-ui.js';

export interface AppOptions extends HttpOptions, SwaggerUiOptions {}

/** Configures the API of an application, for main, tests and the OpenAPI writer alike. */
export async function configureApp(
  app: NestFastifyApplication,
  { corsOrigins, ruleContext, ...swaggerUi }: AppOptions = {},
): Promise<void> {
  app.setGlobalPrefix('api/v1', {
    exclude: [
      { path: 'health/live', method: RequestMethod.GET },
      { path: 'health/ready', method: RequestMethod.GET },
      { path: 'metrics', method: RequestMethod.GET },
      { path: '.well-known/jwks.json', method: RequestMethod.GET },
    ],
  });
  await configureHttp(app, { ...(corsOrigins && { corsOrigins }), ...(ruleContext && { ruleContext }) });
  await serveSwaggerUi(app, swaggerUi);
}
