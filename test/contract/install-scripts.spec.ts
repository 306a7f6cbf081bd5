import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

interface Manifest {
  /** Whether npm may run the install scripts of a package. */
  allowScripts: Record<string, boolean>;
}

interface LockFile {
  packages: Record<string, { hasInstallScript?: boolean }>;
}

const { allowScripts }: Manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const { packages }: LockFile = JSON.parse(readFileSync('package-lock.json', 'utf8'));

/** Packages with an install script, for every platform and at any depth. */
const withScripts = Object.entries(packages)
  .filter(([, { hasInstallScript }]) => hasInstallScript === true)
  .map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length));

it('allowScripts lists exactly the dependencies with an install script', () => {
  expect(withScripts.length).toBeGreaterThan(0);
  expect(Object.keys(allowScripts).toSorted()).toEqual([...new Set(withScripts)].toSorted());
});

it('no install script is allowed to run, because no dependency needs one', () => {
  expect(Object.entries(allowScripts).filter(([, allowed]) => allowed)).toEqual([]);
});
