import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Environment } from './config/environment.js';
import { createLogger } from './logger.js';
import { WorkerModule } from './worker.module.js';

/** Starts the worker in this process. */
export function startWorker(environment: Environment): Promise<INestApplicationContext> {
  return NestFactory.createApplicationContext(WorkerModule, {
    logger: createLogger(environment),
    abortOnError: false,
  });
}
