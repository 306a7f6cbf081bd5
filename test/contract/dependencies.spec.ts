import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { expect, it } from 'vitest';

interface Manifest {
  name: string;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

const NO_PROGRAM = /\.spec\.ts$|\/testing\/|\/test\/|^libs\/console\//;
/** `import type` is gone when the program runs. */
const IMPORT =
  /^(?:import(?! type\b)|export(?! type\b))[^;'"]*?\bfrom '([^']+)'|\bimport\('([^']+)'\)|^import '([^']+)'/gm;

/** Packages that the program files of folders load. */
function loadedBy(folders: readonly string[]): string[] {
  const files = folders
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
    )
    .filter((file) => file.endsWith('.ts') && !file.includes('node_modules') && !NO_PROGRAM.test(file));
  expect(files.length).toBeGreaterThan(10);
  const specifiers = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(IMPORT)].map(
      ([, from, dynamic, bare]) => from ?? dynamic ?? bare ?? '',
    ),
  );
  const packages = specifiers
    .filter((specifier) => !/^[.#]/.test(specifier) && !isBuiltin(specifier))
    .map((specifier) =>
      specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/'),
    );
  return [...new Set(packages)].toSorted();
}

it.each([
  ['package.json', ['src', 'libs']],
  ['libs/client/package.json', ['libs/client/src']],
])('%s declares every package that its programs load', (manifest, folders) => {
  const {
    name,
    dependencies = {},
    peerDependencies = {},
  }: Manifest = JSON.parse(readFileSync(manifest, 'utf8'));
  const declared = new Set([name, ...Object.keys({ ...dependencies, ...peerDependencies })]);
  const loaded = loadedBy(folders);
  expect(loaded).toContain('commander');
  expect(loaded.filter((each) => !declared.has(each))).toEqual([]);
});
