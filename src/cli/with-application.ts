import { resolve } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { type SomeServices, useServices } from '#libs/embedded';
import type { Environment } from '../config/environment.js';
import { completeEnvironment, parseEnvironment } from '../config/load-environment.js';
import { CliModule } from './cli.module.js';
import { assertReachable, whenDisconnected } from './database-connection.js';
import { interruptible, unlessAborted } from './interruptible.js';
import { printMessage } from './output.js';

type Work<T> = (app: INestApplicationContext) => Promise<T>;

/**
 * Runs a command on the database of this installation: that of DATABASE_URL, that of a running server on the same
 * DATA_DIR, or an embedded one started for the duration of the command.
 */
export function withApplication<T>(work: Work<T>): Promise<T> {
  const environment = parseEnvironment();
  return interruptible(async (signal) => {
    const services = await provideDatabase(environment);
    try {
      return await unlessAborted(signal, () => runApplication(work));
    } finally {
      await services?.stop();
    }
  });
}

async function provideDatabase({ DATABASE_URL, DATA_DIR }: Environment): Promise<SomeServices | undefined> {
  if (DATABASE_URL !== undefined) {
    await assertReachable(DATABASE_URL);
    return undefined;
  }
  const services = await useServices({
    dataDir: resolve(DATA_DIR),
    need: { database: true, redis: false },
    log: printMessage,
  });
  if (services.databaseUrl !== undefined) completeEnvironment({ DATABASE_URL: services.databaseUrl });
  return services;
}

async function runApplication<T>(work: Work<T>): Promise<T> {
  const app = await NestFactory.createApplicationContext(CliModule, { logger: false, abortOnError: false });
  try {
    return await work(app);
  } finally {
    const disconnected = whenDisconnected(app.get(DataSource));
    await app.close();
    await disconnected;
  }
}
