import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import type { Environment } from './config/environment.js';
import { configureApp } from './configure-app.js';
import { createAdapter } from './http/fastify-adapter.js';
import { createLogger } from './logger.js';
import { serveMedia } from './videos/media/serve-media.js';

/** Starts the API in this process; it listens when the promise resolves. */
export async function startApi(environment: Environment): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule,
    createAdapter({
      bodyLimit: environment.MAX_BODY_BYTES,
      graceMs: environment.SHUTDOWN_GRACE_MS,
      trustProxy: environment.TRUST_PROXY,
    }),
    { logger: createLogger(environment), bodyParser: false, abortOnError: false },
  );
  await configureApp(app, {
    corsOrigins: environment.CORS_ORIGINS,
    publicUrl: environment.PUBLIC_URL,
  });
  await serveMedia(app, environment);
  await app.listen(environment.PORT, environment.HOST);
  return app;
}
