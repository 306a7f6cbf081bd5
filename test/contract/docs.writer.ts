import 'reflect-metadata';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GENERATED_FILES, regenerate } from './generated-docs.js';

/** `npm run docs`: writes the tables of variables, containers and codecs into the documents, and .env.example. */
const root = join(import.meta.dirname, '../../..');
for (const file of GENERATED_FILES) {
  const { generated } = await regenerate(root, file);
  await writeFile(join(root, file.path), generated);
}
