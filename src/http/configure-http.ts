import helmet from '@fastify/helmet';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ErrorEnvelopeFilter } from './error-envelope.filter.js';
import { DtoValidationPipe } from './validation.pipe.js';

/**
 * Puts the HTTP manners of the API onto an application made with the adapter of `createAdapter()`: security headers,
 * validation, the error envelope. To be called before `app.init()` or `app.listen()`.
 */
export async function configureHttp(app: NestFastifyApplication): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      directives: {
        // The defaults fit Swagger UI: its scripts are files, its styles are partly inline. But it is served over
        // plain HTTP as well, where this directive would send the browser to a port that speaks no TLS.
        upgradeInsecureRequests: null,
      },
    },
    // Stored media are made to be shown on pages of other origins.
    crossOriginResourcePolicy: { policy: 'cross-origin' },
  });
  app.useGlobalPipes(new DtoValidationPipe());
  app.useGlobalFilters(new ErrorEnvelopeFilter(app.getHttpAdapter()));
}
