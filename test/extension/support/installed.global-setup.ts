import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
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

/** Arguments of `reelport generate extension`, by the name of the extension. */
const GENERATED = {
  recipes: ['--kind', 'media', '--step', '--listener'],
  // Without a plural.
  music: ['--kind', 'plain'],
};

/** The packages of teams in this repository, each a folder. */
async function packages(): Promise<string[]> {
  const examples = await readdir('examples', { withFileTypes: true });
  return [
    'test/extension/house',
    ...examples.filter((entry) => entry.isDirectory()).map(({ name }) => join('examples', name)),
  ];
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
  for (const source of await packages()) await copyPackage(source, join(folder, basename(source)));
  for (const [name, args] of Object.entries(GENERATED)) await generate(name, args, folder);
  const names = await readdir(folder, { withFileTypes: true });
  for (const { name } of names.filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')) {
    await useTarball(join(folder, name, 'package.json'), tarball);
  }
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

async function copyPackage(source: string, target: string): Promise<void> {
  await rm(target, { recursive: true, force: true });
  await cp(source, target, {
    recursive: true,
    filter: (path) => !/\/(?:node_modules|dist|\.data)$/.test(path),
  });
}

async function generate(name: string, args: readonly string[], folder: string): Promise<void> {
  await rm(join(folder, name), { recursive: true, force: true });
  const cli = resolve('dist/src/reelport.js');
  await promisify(execFile)(process.execPath, [cli, 'generate', 'extension', name, ...args], { cwd: folder });
}

/** Changes nothing of a package but the location of Reelport. */
async function useTarball(path: string, tarball: string): Promise<void> {
  const manifest: Manifest = JSON.parse(await readFile(path, 'utf8'));
  manifest.dependencies['reelport'] = `file:${tarball}`;
  await writeFile(path, JSON.stringify(manifest));
}
