import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { blocksOf } from '../support/document-owners.js';
import { PackageShell } from './support/package-shell.js';

const installed = inject('installed');
/** The house has no tests of its own: house.spec.ts. */
const NO_TESTS = new Set(['node_modules', 'house']);
const packages = readdirSync(installed, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !NO_TESTS.has(entry.name))
  .map(({ name }) => name);
const isExample = (name: string): boolean => existsSync(join('examples', name));

function commandsOfExample(name: string): string {
  const [block, ...others] = blocksOf('test/extension/packages.spec.ts', `examples/${name}/README.md`);
  expect(others).toEqual([]);
  return block.text;
}

function commandsOfGenerated(name: string): string {
  const readme = readFileSync(join(installed, name, 'README.md'), 'utf8');
  const [, commands = ''] = /^```bash\n([^]*?)^```$/m.exec(readme) ?? [];
  return commands;
}

describe('A package that depends on the tarball', () => {
  it.concurrent.each(packages)(
    '(%s) builds, passes its tests and starts, with the commands of its README',
    async (name) => {
      const shell = await PackageShell.open(join(installed, name));
      try {
        const commands = isExample(name) ? commandsOfExample(name) : commandsOfGenerated(name);
        const { code, output } = await shell.run(commands.trim().replaceAll(/(?: #.*)?\n/g, ' && '));
        expect({ code, output }).toEqual({ code: 0, output: expect.stringMatching(/# fail 0|fail 0/) });
        expect(output).toContain('Reelport is ready');
        expect(await shell.stop()).toBe(0);
      } finally {
        await shell.close();
      }
    },
  );
});
