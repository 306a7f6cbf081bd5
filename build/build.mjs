import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { install, isUpToDate } from './output.mjs';
import { consoleFingerprintOf, fingerprintOf } from './sources.mjs';

const root = resolve(import.meta.dirname, '..');
const output = join(root, 'dist');
const CONSOLE = 'console';

/**
 * Compiles the sources to `dist` and bundles the console to `dist/console`, where they are not what the sources compile
 * to already. Programs that run from `dist` go on: every file is replaced as a whole, by a rename, and only where its
 * content changes.
 *
 * With `--if-missing`, any `dist` will do: an image of production has neither sources nor a compiler. A packed Reelport
 * has no sources at all.
 */
async function build() {
  if (!existsSync(join(root, 'src'))) return;
  if (process.argv.includes('--if-missing') && existsSync(join(output, 'src/main.js'))) return;
  await buildServer();
  await buildConsole();
}

async function buildServer() {
  const fingerprint = fingerprintOf(root);
  if (isUpToDate(output, fingerprint)) return;
  // Loaded last: what is up to date needs no compiler.
  announce('Compiling Reelport, because its sources have changed or were never compiled …');
  const { compile } = await import('./compile.mjs');
  const { files, errors } = compile(root);
  if (errors === '') return install(output, fingerprint, files, [CONSOLE]);
  process.stderr.write(errors);
  process.exitCode = 1;
}

async function buildConsole() {
  const fingerprint = consoleFingerprintOf(root);
  const folder = join(output, CONSOLE);
  if (isUpToDate(folder, fingerprint)) return;
  const { bundle } = await import('./bundle-console.mjs').catch(withoutTools);
  if (bundle === undefined) return;
  announce('Bundling the console …');
  install(folder, fingerprint, await bundle(root));
}

/** To stderr: the output of scripts that build first, such as `npm run -s token`, is read by programs. */
function announce(step) {
  process.stderr.write(`${step}\n`);
}

/** Everything else works without the console, so an installation without development packages starts. */
function withoutTools(error) {
  if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
  process.stderr.write(
    'The console is not built: it needs the development packages (npm ci --include=dev)\n',
  );
  return {};
}

await build();
