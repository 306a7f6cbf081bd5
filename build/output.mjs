import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** Says from which sources a folder was made, and what is in it. Written last. */
const MANIFEST = '.build.json';

/** Whether a folder holds exactly what was made from these sources. */
export function isUpToDate(folder, fingerprint) {
  const manifest = JSON.parse(contentOf(join(folder, MANIFEST))?.toString() ?? '{}');
  if (manifest.fingerprint !== fingerprint) return false;
  return Object.entries(manifest.files).every(([path, hash]) => {
    const content = contentOf(join(folder, path));
    return content !== undefined && hashOf(content) === hash;
  });
}

/**
 * Makes a folder hold these files and no others. At no moment is one of them missing or cut, so that programs which load
 * a part of themselves later, or start processes, find what they look for.
 *
 * @param files contents by path, relative to the folder: text or bytes
 * @param others folders within, which other builds own
 */
export function install(folder, fingerprint, files, others = []) {
  for (const [path, content] of files) replace(join(folder, path), content);
  const hashes = Object.fromEntries([...files].map(([path, content]) => [path, hashOf(content)]));
  for (const path of filesIn(folder)) {
    const name = relative(folder, path);
    if (files.has(name) || name === MANIFEST || isOfAnotherBuild(name)) continue;
    if (others.some((other) => name.startsWith(`${other}/`))) continue;
    rmSync(path, { force: true });
  }
  replace(join(folder, MANIFEST), JSON.stringify({ fingerprint, files: hashes }));
}

function replace(path, content) {
  // npx makes programs executable once, and links to them from then on.
  const isProgram = Buffer.from(content.slice(0, 2)).toString() === '#!';
  const mode = isProgram ? 0o777 : 0o666;
  const isSame = contentOf(path)?.equals(Buffer.from(content));
  if (isSame && (!isProgram || (statSync(path).mode & 0o100) !== 0)) return;
  mkdirSync(dirname(path), { recursive: true });
  const whole = `${path}.${process.pid}.new`;
  writeFileSync(whole, content, { mode });
  renameSync(whole, path);
}

/** On its way to its name, in a build that runs beside this one. */
function isOfAnotherBuild(name) {
  const [, pid] = /\.(\d+)\.new$/.exec(name) ?? [];
  if (pid === undefined) return false;
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
}

function contentOf(path) {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function hashOf(content) {
  return createHash('sha256').update(content).digest('base64');
}
