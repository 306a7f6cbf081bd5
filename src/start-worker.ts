import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Environment } from './config/environment.js';
import { configureHttp } from './http/configure-http.js';
import { createAdapter } from './http/fastify-adapter.js';
import { createLogger } from './logger.js';
import { WorkerHttpModule } from './worker-http.module.js';
import { WorkerModule } from './worker.module.js';

/** Requests to the worker have no body. */
const BODY_LIMIT = 1_024;

/** Starts the worker in this process; with WORKER_PORT it listens there when the promise resolves. */
export function startWorker(environment: Environment): Promise<INestApplicationContext> {
  if (environment.WORKER_PORT !== undefined)
    return startListeningWorker(environment, environment.WORKER_PORT);
  return NestFactory.createApplicationContext(WorkerModule, {
    logger: createLogger(environment),
    abortOnError: false,
  });
}

async function startListeningWorker(
  environment: Environment,
  port: number,
): Promise<INestApplicationContext> {
  const app = await NestFactory.create<NestFastifyApplication>(
    WorkerHttpModule,
    createAdapter({ bodyLimit: BODY_LIMIT, graceMs: environment.SHUTDOWN_GRACE_MS }),
    { logger: createLogger(environment), bodyParser: false, abortOnError: false },
  );
  await configureHttp(app, {});
  await app.listen(port, environment.HOST);
  return app;
}
