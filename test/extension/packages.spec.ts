import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { runNpm } from './support/run-npm.js';

const installed = inject('installed');
/** The house has no tests of its own: house.spec.ts. */
const NO_TESTS = new Set(['node_modules', 'house']);
const packages = readdirSync(installed, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !NO_TESTS.has(entry.name))
  .map(({ name }) => name);

describe('A package that depends on the tarball', () => {
  it.each(packages)('(%s) builds and passes its tests', async (name) => {
    await expect(runNpm(['test'], join(installed, name))).resolves.toMatch(/# fail 0|fail 0/);
  });
});
