import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { codeOf } from '#libs/errors';
import type { Environment } from '../config/environment.js';

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
  const folder = resolve(DATA_DIR);
  const file = join(folder, 'token-secret');
  const kept = await readKept(file);
  if (kept !== null) return kept;
  await mkdir(folder, { recursive: true });
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, randomBytes(48).toString('base64url'), { mode: 0o600, flush: true });
  try {
    // Unlike a rename, a link never replaces the file of another process.
    await link(draft, file);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return (await readKept(file)) ?? tokenSecret(environment);
}

async function readKept(file: string): Promise<string | null> {
  try {
    const secret = (await readFile(file, 'utf8')).trim();
    if (secret.length >= MIN_LENGTH) return secret;
    throw new Error(`${file} holds no key; remove it to generate a new one, which invalidates all tokens`);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}
