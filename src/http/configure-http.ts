import helmet from '@fastify/helmet';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ErrorEnvelopeFilter } from './error-envelope.filter.js';
import { DtoValidationPipe } from './validation.pipe.js';

/** How long a browser may remember what is allowed. */
const PREFLIGHT_S = 600;

export interface HttpManners {
  /** Origins of web pages that may call the API. None by default. */
  corsOrigins?: readonly string[];
}

/**
 * Puts the HTTP manners of the API onto an application made with the adapter of `createAdapter()`: security headers,
 * validation, the error envelope. To be called before `app.init()` or `app.listen()`.
 */
export async function configureHttp(
  app: NestFastifyApplication,
  { corsOrigins = [] }: HttpManners = {},
): Promise<void> {
  if (corsOrigins.length > 0) allowOrigins(app, corsOrigins);
  await app.register(helmet, {
    contentSecurityPolicy: {
      directives: {
        // The defaults fit Swagger UI: its scripts are files, its styles are partly inline. But it is served over
        // plain HTTP as well, where this directive would send the browser to a port that speaks no TLS.
        upgradeInsecureRequests: null,
      },
    },
    // Whether all hosts below ours speak TLS is not ours to say.
    strictTransportSecurity: { includeSubDomains: false },
    // Stored media are made to be shown on pages of other origins.
    crossOriginResourcePolicy: { policy: 'cross-origin' },
  });
  app.useGlobalPipes(new DtoValidationPipe());
  app.useGlobalFilters(new ErrorEnvelopeFilter(app.getHttpAdapter()));
}

/** Fetch standard, section 3.3. Tokens are in a header of their own, so that no page acts with what a browser keeps. */
function allowOrigins(app: NestFastifyApplication, origins: readonly string[]): void {
  app.enableCors({
    origin: [...origins],
    credentials: false,
    methods: ['GET', 'HEAD', 'POST', 'DELETE'],
    allowedHeaders: ['authorization', 'content-type', 'idempotency-key'],
    exposedHeaders: ['retry-after', 'www-authenticate'],
    maxAge: PREFLIGHT_S,
  });
}
