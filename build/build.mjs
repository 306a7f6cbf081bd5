import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { install, isUpToDate } from './output.mjs';
import { fingerprintOf } from './sources.mjs';

const root = resolve(import.meta.dirname, '..');
const output = join(root, 'dist');

/**
 * Compiles the sources to `dist`, if it is not what they compile to already. Programs that run from `dist` go on: every
 * file is replaced as a whole, by a rename, and only where its content changes.
 *
 * With `--if-missing`, any `dist` will do: an image of production has neither sources nor a compiler. A packed Reelport
 * has no sources at all.
 */
async function build() {
  if (!existsSync(join(root, 'src'))) return;
  if (process.argv.includes('--if-missing') && existsSync(join(output, 'src/main.js'))) return;
  const fingerprint = fingerprintOf(root);
  if (isUpToDate(output, fingerprint)) return;
  // Loaded last: what is up to date needs no compiler.
  const { compile } = await import('./compile.mjs');
  const { files, errors } = compile(root);
  if (errors === '') return install(output, fingerprint, files);
  process.stderr.write(errors);
  process.exitCode = 1;
}

await build();
