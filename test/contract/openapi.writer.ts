import 'reflect-metadata';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from '../../src/app.module.js';
import { configureApp } from '../../src/configure-app.js';
import { createAdapter } from '../../src/http/fastify-adapter.js';
import { openApiDocument } from '../../src/openapi.js';

/** Seen from `dist/test/contract`. */
const COMMITTED = join(import.meta.dirname, '../../../test/contract/openapi.json');

/**
 * The OpenAPI document as text, from the routes alone: in preview mode nothing is instantiated, so neither database
 * nor Redis nor any configuration is needed. It has to be run as built, for the build reads types into it.
 */
async function openApiText(): Promise<string> {
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule,
    createAdapter({ bodyLimit: 1_024, graceMs: 1_000 }),
    {
      preview: true,
      logger: ['error'],
      abortOnError: false,
    },
  );
  await configureApp(app);
  return `${JSON.stringify(openApiDocument(app), null, 2)}\n`;
}

const text = await openApiText();
if (process.argv.includes('--stdout')) process.stdout.write(text);
else await writeFile(COMMITTED, text);
