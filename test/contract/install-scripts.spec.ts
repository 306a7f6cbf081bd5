import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

interface Manifest {
  /** By package: whether npm may run its install scripts. */
  allowScripts: Record<string, boolean>;
}

interface LockFile {
  packages: Record<string, { hasInstallScript?: boolean }>;
}

const { allowScripts }: Manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const { packages }: LockFile = JSON.parse(readFileSync('package-lock.json', 'utf8'));

/** Packages of every platform that bring an install script, however deep they are nested. */
const withScripts = Object.entries(packages)
  .filter(([, { hasInstallScript }]) => hasInstallScript === true)
  .map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length));

it('every dependency with an install script is listed in allowScripts, and nothing else is', () => {
  expect(withScripts.length).toBeGreaterThan(0);
  expect(Object.keys(allowScripts).toSorted()).toEqual([...new Set(withScripts)].toSorted());
});

it('none of them may run: nothing here needs a program of a dependency at installation', () => {
  expect(Object.entries(allowScripts).filter(([, allowed]) => allowed)).toEqual([]);
});
