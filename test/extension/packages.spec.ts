import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { blocksOf } from '../support/document-owners.js';
import { PackageShell } from './support/package-shell.js';
import { runNpm } from './support/run-npm.js';

const installed = inject('installed');
/** The house has no tests of its own: house.spec.ts. */
const NO_TESTS = new Set(['node_modules', 'house']);
const packages = readdirSync(installed, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !NO_TESTS.has(entry.name))
  .map(({ name }) => name);
const isExample = (name: string): boolean => existsSync(join('examples', name));

describe('A package that depends on the tarball', () => {
  it.each(packages.filter((name) => !isExample(name)))('(%s) builds and passes its tests', async (name) => {
    await expect(runNpm(['test'], join(installed, name))).resolves.toMatch(/# fail 0|fail 0/);
  });

  it.each(packages.filter(isExample))(
    '(%s) builds, passes its tests and starts, with the commands of its README',
    async (name) => {
      const [block, ...others] = blocksOf('test/extension/packages.spec.ts', `examples/${name}/README.md`);
      expect(others).toEqual([]);
      const shell = await PackageShell.open(join(installed, name));
      try {
        const { code, output } = await shell.run(block.text.trim().replaceAll('\n', ' && '));
        expect({ code, output }).toEqual({ code: 0, output: expect.stringMatching(/# fail 0|fail 0/) });
        expect(output).toContain('Reelport is ready');
        expect(await shell.stop()).toBe(0);
      } finally {
        await shell.close();
      }
    },
  );
});
