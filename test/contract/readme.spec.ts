import { readFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { expect, it } from 'vitest';
import { withContainerTable } from './container-docs.js';
import { environmentExample, withEnvironmentTable } from './environment-docs.js';

it.each(['README.md', 'libs/media-probe/README.md'])(
  '%s has every container and codec as it is listed (npm run docs)',
  async (file) => {
    const readme = await readFile(file, 'utf8');
    const options = await resolveConfig(file);
    const written = await format(withContainerTable(readme), { ...options, parser: 'markdown' });
    expect(written).toBe(await format(readme, { ...options, parser: 'markdown' }));
  },
);

it('README.md has every environment variable as it is declared (npm run docs)', async () => {
  const readme = await readFile('README.md', 'utf8');
  const options = await resolveConfig('README.md');
  const written = await format(withEnvironmentTable(readme), { ...options, parser: 'markdown' });
  expect(written).toBe(await format(readme, { ...options, parser: 'markdown' }));
});

it('.env.example has every environment variable as it is declared (npm run docs)', async () => {
  expect(await readFile('.env.example', 'utf8')).toBe(environmentExample());
});

it('refuses a README without a place for the table', () => {
  expect(() => withEnvironmentTable('# Reelport\n')).toThrow('environment:begin');
});
