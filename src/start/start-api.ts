import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from '../app.module.js';
import { SignInModule } from '../auth/sign-in/sign-in.module.js';
import type { Environment } from '../config/environment.js';
import { Extensions } from '../extension/extensions.js';
import type { Extension } from '../extension/define-extension.js';
import { assertModules } from '../extension/module-faults.js';
import { configureApp } from './configure-app.js';
import { serveConsole } from '../console/serve-console.js';
import { createAdapter } from '../http/fastify-adapter.js';
import { installedExtensions } from '../installed-extensions.js';
import { createLogger } from './logger.js';
import { AddressCheck } from '../outbound/address-check.js';
import { MediaUrls } from '../media/serving/media-urls.js';
import { serveMedia } from '../media/serving/serve-media.js';
import { withSeal } from './with-seal.js';

/** Additions to the API for people who try Reelport on their own machine. */
export interface FirstSteps {
  /** Enables sign-in links, whose codes `SignInCodes` issues. */
  signIn?: boolean;
  /** URL of a video that this installation can download. */
  sampleVideo?: string | undefined;
}

/** Root of the API process. */
@Module({})
class ApiModule {}

/** Starts the API in this process; it is listening when the promise resolves. */
export async function startApi(
  environment: Environment,
  extensions: readonly Extension[],
  { signIn = false, sampleVideo }: FirstSteps = {},
): Promise<NestFastifyApplication> {
  const root = {
    module: ApiModule,
    imports: [
      AppModule.of(environment, installedExtensions(environment, extensions)),
      ...(signIn ? [SignInModule] : []),
    ],
  };
  await assertModules(extensions, root);
  const adapter = createAdapter({
    bodyLimit: environment.MAX_BODY_BYTES,
    graceMs: environment.SHUTDOWN_GRACE_MS,
    trustProxy: environment.TRUST_PROXY,
  });
  return withSeal(adapter, extensions, async (seal) => {
    const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
      logger: createLogger(environment),
      bodyParser: false,
      abortOnError: false,
    });
    const addresses = app.get(AddressCheck);
    await seal.open(async () => {
      await configureApp(app, {
        ruleContext: {
          maxBatchItems: environment.MAX_BATCH_ITEMS,
          refusalOf: (url) => addresses.refusalOf(url),
        },
        corsOrigins: environment.CORS_ORIGINS,
        publicUrl: environment.PUBLIC_URL,
        signIn,
        sampleVideo,
      });
      await serveMedia(app, environment, app.get(Extensions).mediaKinds);
      const urls = app.get(MediaUrls, { strict: false });
      await serveConsole(app, { mediaBase: () => urls.base });
    });
    await app.listen(environment.PORT, environment.HOST);
    return app;
  });
}
