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
/** The console is built by itself: a change of it recompiles nothing else. */
const CONSOLE = 'libs/console';
const CONSOLE_FOLDERS = ['build', CONSOLE, 'libs/client/src'];
const CONSOLE_FILES = ['package.json', 'package-lock.json', 'tsconfig.json'];

/** A hash of all sources of the server and its tools: equal sources, equal output. */
export function fingerprintOf(root) {
  const isSource = (path) => SOURCE.test(path) && !path.startsWith(join(root, CONSOLE));
  return hashOf(root, FILES, FOLDERS, isSource);
}

/** The same for the console. */
export function consoleFingerprintOf(root) {
  return hashOf(root, CONSOLE_FILES, CONSOLE_FOLDERS, () => true);
}

function hashOf(root, files, folders, isSource) {
  const hash = createHash('sha256').update(process.version);
  const paths = [
    ...files.map((name) => join(root, name)),
    ...folders.flatMap((name) => sourcesIn(join(root, name)).filter(isSource)),
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
    return entry.name.endsWith('.spec.ts') ? [] : [path];
  });
}
