import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { Environment } from '../config/environment.js';
import { keptSecret } from '../config/kept-secret.js';

/** The minimum of TOKEN_SECRET. */
const MIN_LENGTH = 32;

/**
 * Returns the key that signs access tokens: TOKEN_SECRET, or a generated key below DATA_DIR that only its owner can
 * read. Of several concurrent processes, one generates it.
 */
export async function tokenSecret(
  environment: Pick<Environment, 'TOKEN_SECRET' | 'DATA_DIR'>,
): Promise<string> {
  const { TOKEN_SECRET, DATA_DIR } = environment;
  if (TOKEN_SECRET !== undefined) return TOKEN_SECRET;
  return keptSecret(join(resolve(DATA_DIR), 'token-secret'), {
    generate: () => randomBytes(48).toString('base64url'),
    isKey: (text) => text.length >= MIN_LENGTH,
    consequence: 'which invalidates all tokens',
  });
}
