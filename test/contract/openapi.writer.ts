import 'reflect-metadata';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from '../../src/app.module.js';
import { parseEnvironment } from '../../src/config/parse-environment.js';
import { configureApp } from '../../src/configure-app.js';
import type { Extension } from '../../src/extension/define-extension.js';
import { createAdapter } from '../../src/http/fastify-adapter.js';
import { installedExtensions } from '../../src/installed-extensions.js';
import { openApiDocument } from '../../src/openapi.js';
import { example } from '../kinds/example-extension.js';

/** Relative to `dist/test/contract`. */
const COMMITTED = join(import.meta.dirname, '../../../test/contract/openapi.json');

/**
 * The OpenAPI document as text. In preview mode Nest instantiates nothing, so neither database nor Redis is needed. It must run compiled, because the build adds the types to the metadata.
 */
async function openApiText(extensions: readonly Extension[]): Promise<string> {
  const environment = parseEnvironment({});
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.of(environment, installedExtensions(environment, extensions)),
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

/** `--extended`: with kinds of an extension. */
const text = await openApiText(process.argv.includes('--extended') ? [example] : []);
if (process.argv.includes('--stdout')) process.stdout.write(text);
else await writeFile(COMMITTED, text);
