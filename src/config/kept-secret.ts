import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from '#libs/errors';

export interface SecretKind {
  generate: () => string;
  isKey: (text: string) => boolean;
  /** What a new key would entail: the end of a sentence. */
  consequence: string;
}

/**
 * Returns the secret in a file that only its owner can read, and generates it if the file does not exist. Of several
 * concurrent processes, one generates it.
 *
 * @throws Error if the file holds something else
 */
export async function keptSecret(file: string, kind: SecretKind): Promise<string> {
  const kept = await readKept(file, kind);
  if (kept !== null) return kept;
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, kind.generate(), { mode: 0o600, flush: true });
  try {
    // Unlike a rename, a link never replaces the file of another process.
    await link(draft, file);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return (await readKept(file, kind)) ?? keptSecret(file, kind);
}

async function readKept(file: string, { isKey, consequence }: SecretKind): Promise<string | null> {
  try {
    const secret = (await readFile(file, 'utf8')).trim();
    if (isKey(secret)) return secret;
    throw new Error(`${file} holds no key; remove it to generate a new one, ${consequence}`);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}
