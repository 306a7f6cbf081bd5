import { readFileSync } from 'node:fs';
import semver from 'semver';
import { expect, it } from 'vitest';

interface Manifest {
  engines?: { node?: string };
}

const manifest: Manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const lock: { packages: Record<string, Manifest> } = JSON.parse(readFileSync('package-lock.json', 'utf8'));

it('every package supports the oldest Node that Reelport supports, so that npm ci warns of nothing', () => {
  const oldest = semver.minVersion(manifest.engines?.node ?? '')?.version ?? '';
  const declared = Object.entries(lock.packages).flatMap(([path, { engines }]) =>
    engines?.node === undefined ? [] : [{ path, node: engines.node }],
  );
  expect(declared.length).toBeGreaterThan(100);
  expect(declared.filter(({ node }) => !semver.satisfies(oldest, node))).toEqual([]);
});
