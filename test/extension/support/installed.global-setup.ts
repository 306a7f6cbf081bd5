import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { runNpm } from './run-npm.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder with the packages, one in each subfolder, and the tarball. */
    installed: string;
  }
}

interface Manifest {
  dependencies: Record<string, string>;
}

/** Packages of teams, each a folder. */
function packages(): string[] {
  return ['test/extension/house'];
}

/**
 * Packs Reelport and installs every package beside the tarball, as npm workspaces: one installation for all. Nothing of
 * this checkout is reachable from there.
 *
 * With `INSTALLED=folder`, that folder is kept for the next run, which installs nothing but Reelport itself. Remove it
 * after a change of the dependencies.
 */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const { INSTALLED: kept } = process.env;
  const folder = kept ?? (await mkdtemp(join(tmpdir(), 'reelport-installed-')));
  await mkdir(folder, { recursive: true });
  // PostgreSQL refuses to run as root, and the user that it runs as must be able to enter.
  await chmod(folder, 0o711);
  const tarball = join(folder, (await runNpm(['pack', '--silent', '--pack-destination', folder])).trim());
  for (const source of packages()) await copyPackage(source, join(folder, basename(source)), tarball);
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, workspaces: ['*'] }));
  const reelport = join(folder, 'node_modules/reelport');
  if (existsSync(reelport)) await replaceBy(tarball, reelport);
  else await runNpm(['install', '--prefer-offline', '--no-audit', '--no-fund'], folder);
  project.provide('installed', folder);
  return kept === undefined ? () => rm(folder, { recursive: true, force: true }) : undefined;
}

/** Puts the content of a tarball in the place of an installed package. */
async function replaceBy(tarball: string, folder: string): Promise<void> {
  await rm(folder, { recursive: true });
  await mkdir(folder);
  await promisify(execFile)('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
}

/** Copies a package as it is, except for the location of Reelport. */
async function copyPackage(source: string, target: string, tarball: string): Promise<void> {
  await rm(target, { recursive: true, force: true });
  await cp(source, target, {
    recursive: true,
    filter: (path) => !/\/(?:node_modules|dist|\.data)$/.test(path),
  });
  const path = join(target, 'package.json');
  const manifest: Manifest = JSON.parse(await readFile(path, 'utf8'));
  manifest.dependencies['reelport'] = `file:${tarball}`;
  await writeFile(path, JSON.stringify(manifest));
}
