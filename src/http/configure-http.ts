import helmet from '@fastify/helmet';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { RuleContext } from './context-rule.js';
import { ErrorEnvelopeFilter } from './error-envelope.filter.js';
import { DtoValidationPipe } from './validation.pipe.js';

/** Seconds for which a browser may cache a preflight response. */
const PREFLIGHT_S = 600;

const missingContext = (): never => {
  throw new Error('A DTO depends on the configuration, but the application has no ruleContext');
};
const NO_CONTEXT: RuleContext = {
  get maxBatchItems() {
    return missingContext();
  },
  refusalOf: missingContext,
};

export interface HttpOptions {
  /** Origins of web pages that may call the API; none by default. */
  corsOrigins?: readonly string[];
  /** For DTOs with rules that depend on the configuration; without it such rules throw. */
  ruleContext?: RuleContext;
}

/**
 * Configures an application made with the adapter of `createAdapter()`: security headers, validation, error envelope.
 * Call it before `app.init()` or `app.listen()`.
 */
export async function configureHttp(
  app: NestFastifyApplication,
  { corsOrigins = [], ruleContext = NO_CONTEXT }: HttpOptions = {},
): Promise<void> {
  if (corsOrigins.length > 0) allowOrigins(app, corsOrigins);
  await app.register(helmet, {
    contentSecurityPolicy: {
      directives: {
        // The defaults fit Swagger UI: its scripts are files, its styles are partly inline. It is also served over
        // plain HTTP, where this directive would redirect the browser to a port without TLS.
        upgradeInsecureRequests: null,
      },
    },
    // Only the operator knows whether all subdomains support TLS.
    strictTransportSecurity: { includeSubDomains: false },
    // Pages of other origins embed stored media.
    crossOriginResourcePolicy: { policy: 'cross-origin' },
  });
  app.useGlobalPipes(new DtoValidationPipe(ruleContext));
  app.useGlobalFilters(new ErrorEnvelopeFilter(app.getHttpAdapter()));
}

/** Fetch standard, section 3.3. Tokens travel in a header, so no page acts with credentials that the browser keeps. */
function allowOrigins(app: NestFastifyApplication, origins: readonly string[]): void {
  app.enableCors({
    origin: [...origins],
    credentials: false,
    methods: ['GET', 'HEAD', 'POST', 'DELETE'],
    allowedHeaders: ['authorization', 'content-type', 'idempotency-key', 'last-event-id'],
    exposedHeaders: ['retry-after', 'www-authenticate'],
    maxAge: PREFLIGHT_S,
  });
}
