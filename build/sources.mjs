import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** What the result of a build depends on; `node_modules` is represented by its lock file. */
const FOLDERS = ['build', 'src', 'libs', 'test'];
const FILES = [
  'ormconfig.ts',
  'nest-cli.json',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
];
const SOURCE = /\.(?:ts|mts|cts|mjs|json)$/;
const IGNORED = new Set(['node_modules', 'fixtures']);

/** A hash of all sources: equal sources, equal output. */
export function fingerprintOf(root) {
  const hash = createHash('sha256').update(process.version);
  const paths = [
    ...FILES.map((name) => join(root, name)),
    ...FOLDERS.flatMap((name) => sourcesIn(join(root, name))),
  ];
  for (const path of paths.sort((one, other) => (one < other ? -1 : 1))) {
    const content = readFileSync(path);
    // The length keeps the end of one file apart from the beginning of the next.
    hash.update(`\0${relative(root, path)}\0${content.byteLength}\0`).update(content);
  }
  return hash.digest('hex');
}

function sourcesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return IGNORED.has(entry.name) ? [] : sourcesIn(path);
    return SOURCE.test(entry.name) && !entry.name.endsWith('.spec.ts') ? [path] : [];
  });
}
