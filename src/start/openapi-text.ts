import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from '../app.module.js';
import { parseEnvironment } from '../config/parse-environment.js';
import { configureApp } from './configure-app.js';
import type { Extension } from '../extension/define-extension.js';
import { assertModules } from '../extension/module-faults.js';
import { createAdapter } from '../http/fastify-adapter.js';
import { installedExtensions } from '../installed-extensions.js';
import { openApiDocument } from '../openapi/openapi.js';

/**
 * The OpenAPI document as text. In preview mode Nest instantiates nothing, so neither database nor Redis is needed. It
 * must run compiled, because the build adds the types to the metadata.
 */
export async function openApiText(extensions: readonly Extension[]): Promise<string> {
  const environment = parseEnvironment({});
  const root = AppModule.of(environment, installedExtensions(environment, extensions));
  await assertModules(extensions, root);
  const app = await NestFactory.create<NestFastifyApplication>(
    root,
    createAdapter({ bodyLimit: 1_024, graceMs: 1_000 }),
    { preview: true, logger: ['error'], abortOnError: false },
  );
  await configureApp(app);
  return `${JSON.stringify(openApiDocument(app), null, 2)}\n`;
}
