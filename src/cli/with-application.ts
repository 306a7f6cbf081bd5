import { resolve } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { hasData, useServices } from '#libs/embedded';
import { type Additions, NO_ADDITIONS } from '../config/additions.js';
import type { Environment } from '../config/environment.js';
import { Extensions } from '../extension/extensions.js';
import { readEnvironment, type ServiceUrls, withServices } from '../config/parse-environment.js';
import { ConfigModule } from '../config/config.module.js';
import { CliModule } from './cli.module.js';
import { assertReachable, whenDisconnected } from './database-connection.js';
import type { Installation } from './installation.js';
import { interruptible, unlessAborted } from './interruptible.js';
import { printMessage } from './output.js';

type Work<T> = (app: INestApplicationContext) => Promise<T>;

/**
 * Runs a command on the database of this installation: that of DATABASE_URL, that of a running server on the same
 * DATA_DIR, or an embedded one started for the duration of the command.
 */
export function withApplication<T>({ extensions }: Installation, work: Work<T>): Promise<T> {
  const { storages } = new Extensions(extensions).additions;
  // These commands run no code of extensions, so their settings may be missing.
  const known = storages.map(({ name }) => ({ name, settings: undefined }));
  return withEnvironment({ ...NO_ADDITIONS, storages: known }, (environment) =>
    runApplication(environment, work),
  );
}

/** Hands the URL of that database to a command. */
export function withDatabase<T>(additions: Additions, work: (url: string) => Promise<T>): Promise<T> {
  return withEnvironment(additions, ({ DATABASE_URL }) => {
    if (DATABASE_URL === undefined) throw new Error('The database did not start');
    return work(DATABASE_URL);
  });
}

function withEnvironment<T>(
  additions: Additions,
  work: (environment: Readonly<Environment>) => Promise<T>,
): Promise<T> {
  const given = readEnvironment(additions);
  return interruptible(async (signal) => {
    const database = await provideDatabase(given);
    const environment = withServices(given, database);
    try {
      return await unlessAborted(signal, () => work(environment));
    } finally {
      await database.stop();
    }
  });
}

/** The URL of the database, and how to stop it if it was started for this command. */
interface ProvidedDatabase extends ServiceUrls {
  stop(): Promise<void>;
}

async function provideDatabase({ DATABASE_URL, DATA_DIR }: Environment): Promise<ProvidedDatabase> {
  if (DATABASE_URL !== undefined) {
    await assertReachable(DATABASE_URL);
    return { stop: () => Promise.resolve() };
  }
  const dataDir = resolve(DATA_DIR);
  const isNew = !hasData(dataDir);
  const services = await useServices({ dataDir, need: { database: true, redis: false }, log: printMessage });
  // Without the DATA_DIR of the server, the token would be looked for there.
  if (isNew) printMessage(`Created a new installation in ${dataDir}; a server needs the same DATA_DIR`);
  return services;
}

async function runApplication<T>(environment: Readonly<Environment>, work: Work<T>): Promise<T> {
  const app = await NestFactory.createApplicationContext(
    { module: CliModule, imports: [ConfigModule.forRoot(environment)] },
    { logger: false, abortOnError: false },
  );
  try {
    return await work(app);
  } finally {
    const disconnected = whenDisconnected(app.get(DataSource));
    await app.close();
    await disconnected;
  }
}
