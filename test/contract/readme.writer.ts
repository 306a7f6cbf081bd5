import 'reflect-metadata';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { environmentExample, withEnvironmentTable } from './environment-docs.js';

/** `npm run docs`: writes what README.md and .env.example tell of the environment. */
const root = join(import.meta.dirname, '../../..');
const readme = join(root, 'README.md');
const text = withEnvironmentTable(await readFile(readme, 'utf8'));
const options = await resolveConfig(readme);
await writeFile(readme, await format(text, { ...options, parser: 'markdown' }));
await writeFile(join(root, '.env.example'), environmentExample());
