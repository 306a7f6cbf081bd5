import 'reflect-metadata';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { withContainerTable } from './container-docs.js';
import { environmentExample, withEnvironmentTable } from './environment-docs.js';

/** `npm run docs`: writes what the READMEs and .env.example tell of the environment, of containers and codecs. */
const root = join(import.meta.dirname, '../../..');
const readme = join(root, 'README.md');
await rewrite(readme, (text) => withContainerTable(withEnvironmentTable(text)));
await rewrite(join(root, 'libs/media-probe/README.md'), withContainerTable);
await writeFile(join(root, '.env.example'), environmentExample());

async function rewrite(file: string, change: (text: string) => string): Promise<void> {
  const options = await resolveConfig(file);
  const text = change(await readFile(file, 'utf8'));
  await writeFile(file, await format(text, { ...options, parser: 'markdown' }));
}
