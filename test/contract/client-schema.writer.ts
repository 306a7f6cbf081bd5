import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import openapiTS, { astToString } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';

/** `npm run openapi`: writes the types of the client from the committed OpenAPI document. */
const root = join(import.meta.dirname, '../../..');
const file = join(root, 'libs/client/src/schema.ts');
const document: object = JSON.parse(await readFile(join(root, 'test/contract/openapi.json'), 'utf8'));
const types = astToString(await openapiTS(JSON.stringify(document)));
const options = await resolveConfig(file);
const text = `/** Generated from test/contract/openapi.json by \`npm run openapi\`. */\n${types}`;
await writeFile(file, await format(text, { ...options, parser: 'typescript' }));
