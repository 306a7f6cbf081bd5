import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Environment } from '../config/environment.js';

/** As of TOKEN_SECRET. */
const MIN_LENGTH = 32;

/**
 * The key that signs access tokens: TOKEN_SECRET, or one that is made once and kept below DATA_DIR, readable by its
 * owner alone. Several processes may ask for it at once; one makes it.
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
    // Unlike a rename, a link never replaces what another process has put there meanwhile.
    await link(draft, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return (await readKept(file)) ?? tokenSecret(environment);
}

async function readKept(file: string): Promise<string | null> {
  try {
    const secret = (await readFile(file, 'utf8')).trim();
    if (secret.length >= MIN_LENGTH) return secret;
    throw new Error(`${file} holds no key: remove it to have a new one made, which ends all tokens`);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
