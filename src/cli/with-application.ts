import { resolve } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { useServices } from '#libs/embedded';
import { completeEnvironment, parseEnvironment } from '../config/load-environment.js';

/**
 * Runs a command on the database of this installation: the one that DATABASE_URL names, that of a running server on
 * the same DATA_DIR, or an embedded one that is started for as long as the command takes.
 */
export async function withApplication<T>(run: (app: INestApplicationContext) => Promise<T>): Promise<T> {
  const environment = parseEnvironment(process.env);
  const services = await useServices({
    dataDir: resolve(environment.DATA_DIR),
    need: { database: environment.DATABASE_URL === undefined, redis: false },
    log: tell,
  });
  try {
    if (services.databaseUrl !== undefined) completeEnvironment({ DATABASE_URL: services.databaseUrl });
    // Loaded late: a wrong argument is answered without starting Nest.
    const { NestFactory } = await import('@nestjs/core');
    const { CliModule } = await import('./cli.module.js');
    const app = await NestFactory.createApplicationContext(CliModule, { logger: false, abortOnError: false });
    try {
      return await run(app);
    } finally {
      await app.close();
    }
  } finally {
    await services.stop();
  }
}

/** For the person in front of the screen: stdout is for what programs read. */
export function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
