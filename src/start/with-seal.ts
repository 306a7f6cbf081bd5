import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { declaredScopes } from '../auth/require-scopes.decorator.js';
import { ExtensionError } from '../config/extension-error.js';
import type { Extension } from '../extension/define-extension.js';
import { whoReachesFastify } from '../extension/module-faults.js';
import { FastifySeal, SealedError } from '../http/fastify-seal.js';

/**
 * Starts an application whose extensions cannot change Fastify.
 *
 * @throws ExtensionError with the name of the extension that tried
 */
export async function withSeal<T>(
  adapter: FastifyAdapter,
  extensions: readonly Extension[],
  start: (seal: FastifySeal) => Promise<T>,
): Promise<T> {
  try {
    return await start(new FastifySeal(adapter, (config) => declaredScopes(config) !== undefined));
  } catch (error) {
    if (!(error instanceof SealedError)) throw error;
    throw new ExtensionError([`${await whoReachesFastify(extensions)}: ${error.message}`]);
  }
}
