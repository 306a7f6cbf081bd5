import 'reflect-metadata';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openApiText } from '../../src/start/openapi-text.js';
import { example } from '../kinds/example-extension.js';

/** Relative to `dist/test/contract`. */
const COMMITTED = join(import.meta.dirname, '../../../test/contract/openapi.json');

/** `--extended`: with kinds of an extension. */
const text = await openApiText(process.argv.includes('--extended') ? [example] : []);
if (process.argv.includes('--stdout')) process.stdout.write(text);
else await writeFile(COMMITTED, text);
