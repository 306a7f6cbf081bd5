import type { DynamicModule, INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { ThreadEntry } from '#libs/threads';
import type { Environment } from '../config/environment.js';
import type { Extension } from '../extension/define-extension.js';
import { assertModules } from '../extension/module-faults.js';
import { configureHttp } from '../http/configure-http.js';
import { createAdapter } from '../http/fastify-adapter.js';
import { installedExtensions } from '../installed-extensions.js';
import { createLogger } from './logger.js';
import { TrustedOriginsModule } from '../outbound/trusted-origins.module.js';
import { WorkerHttpModule } from '../worker-http.module.js';
import { withSeal } from './with-seal.js';
import { WorkerModule } from '../worker.module.js';

/** Requests to the worker have no body. */
const BODY_LIMIT = 1_024;

export interface WorkerOptions {
  /** Own archives on loopback, the only loopback origins that may be reached. */
  trustedOrigins?: readonly string[];
  /** The program of this process, which processes of isolated kinds run again; without it they are not isolated. */
  entry?: ThreadEntry | undefined;
}

/** Starts the worker in this process; with WORKER_PORT it is listening when the promise resolves. */
export async function startWorker(
  environment: Environment,
  extensions: readonly Extension[],
  { trustedOrigins = [], entry }: WorkerOptions = {},
): Promise<INestApplicationContext> {
  await assertModules(extensions, undefined);
  const imports = [
    WorkerModule.of(environment, installedExtensions(environment, extensions, entry)),
    TrustedOriginsModule.of(trustedOrigins),
  ];
  if (environment.WORKER_PORT !== undefined)
    return startListeningWorker({ module: WorkerHttpModule, imports }, environment, extensions);
  return NestFactory.createApplicationContext(
    { module: WorkerModule, imports },
    {
      logger: createLogger(environment),
      abortOnError: false,
    },
  );
}

async function startListeningWorker(
  module: DynamicModule,
  environment: Environment,
  extensions: readonly Extension[],
): Promise<INestApplicationContext> {
  const { WORKER_PORT: port = 0, HOST, SHUTDOWN_GRACE_MS: graceMs } = environment;
  const adapter = createAdapter({ bodyLimit: BODY_LIMIT, graceMs });
  return withSeal(adapter, extensions, async (seal) => {
    const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
      logger: createLogger(environment),
      bodyParser: false,
      abortOnError: false,
    });
    await seal.open(() => configureHttp(app, {}));
    await app.listen(port, HOST);
    return app;
  });
}
