import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constants, gzipSync } from 'node:zlib';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { build } from 'vite';

/** Smaller files gain nothing. */
const WORTH_COMPRESSING = 1_024;
const COMPRESSIBLE = /\.(?:js|css|svg)$/;

/**
 * What pages share is one file: browsers load six at once, and pages wait for the last one. Dialogs are not in it: with
 * bits-ui they are as large as everything else, and nobody needs them at first.
 */
const SHARED = {
  includeDependenciesRecursively: false,
  groups: [
    {
      name: 'shared',
      test: /\/(?:libs\/console\/src\/(?:api|app|components|lib)\/(?!.*Dialog)|node_modules\/svelte\/)/,
      minShareCount: 3,
    },
  ],
};

/**
 * Bundles the console, without writing anything.
 *
 * @returns the contents of all files by their path below `/console/`, with compressed ones beside them (`.gz`)
 */
export async function bundle(root) {
  // Vite takes `#`, `?` and `%` in paths for parts of URLs, so it sees the folder under another, plain path.
  const parent = mkdtempSync(join(tmpdir(), 'reelport-build-'));
  try {
    const seenAs = join(parent, 'reelport');
    symlinkSync(root, seenAs);
    const { output } = await build(configOf(seenAs));
    return new Map(output.flatMap(filesOf));
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
}

function configOf(root) {
  return {
    root: join(root, 'libs/console'),
    configFile: false,
    // The page is served at any depth below any path: everything is found relative to the files themselves.
    base: './',
    logLevel: 'warn',
    plugins: [svelte({ configFile: false, compilerOptions: { runes: true } })],
    resolve: {
      preserveSymlinks: true,
      alias: {
        '#libs/client/table': join(root, 'libs/client/src/table/index.ts'),
        '#libs/client': join(root, 'libs/client/src/index.ts'),
        // The same parser with what browsers lack of Node.
        'csv-parse': 'csv-parse/browser/esm',
      },
    },
    build: {
      write: false,
      target: 'es2023',
      // The content security policy allows no `data:` URLs but those of pictures.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      // A few kilobytes for all pages, instead of a request for each component.
      cssCodeSplit: false,
      // A busy machine is no reason for a warning.
      rolldownOptions: {
        checks: { pluginTimings: false },
        // Of a library that imports it on Node only.
        external: ['node:string_decoder'],
        output: { codeSplitting: SHARED },
      },
    },
  };
}

function filesOf(part) {
  const content = Buffer.from(part.type === 'chunk' ? part.code : part.source);
  const file = [part.fileName, content];
  if (!COMPRESSIBLE.test(part.fileName) || content.length < WORTH_COMPRESSING) return [file];
  return [file, [`${part.fileName}.gz`, gzipSync(content, { level: constants.Z_BEST_COMPRESSION })]];
}
