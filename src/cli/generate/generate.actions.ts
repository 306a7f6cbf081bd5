import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { print } from '../output.js';
import { GenerateError } from './generate-error.js';
import { namesOf } from './names.js';
import { type Part, partsOf, type Wanted } from './parts.js';

const { resolve } = createRequire(import.meta.url);

/**
 * Writes a package into a new folder of the current one.
 *
 * @throws GenerateError if the folder exists
 */
export async function generateExtension(name: string, wanted: Wanted): Promise<void> {
  const parts = partsOf(wanted);
  const values = await valuesOf(name, parts);
  await mkdir(name).catch((cause: unknown) => {
    throw new GenerateError(`Cannot create the folder ${name}: ${messageOf(cause)}`);
  });
  const files = [
    ['package.json', 'package.json'],
    ['tsconfig.json', 'tsconfig.json'],
    ['gitignore', '.gitignore'],
    ['README.md', 'README.md'],
    ['main.ts', 'src/main.ts'],
    ['extension.ts', 'src/extension.ts'],
    ['extension.test.ts', 'src/extension.test.ts'],
    ...parts.map(({ template, file }) => [`${template}.ts`, `src/${file}.ts`] as const),
  ] as const;
  for (const [template, file] of files) {
    const path = join(name, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, filled(await templateOf(template), values));
  }
  print(`Created ${name}. Next: cd ${name} && npm install && npm test`);
}

/** The text of every placeholder. */
async function valuesOf(name: string, parts: readonly Part[]): Promise<ReadonlyMap<string, string>> {
  const { version }: { version: string } = JSON.parse(await readFile(resolve('#package.json'), 'utf8'));
  const { kind, noun, prefix } = namesOf(name);
  const plain = new Map([
    ['name', name],
    ['package', `${name.replaceAll('_', '-')}-reelport`],
    ['version', version],
    ['PREFIX', prefix],
    ['kind', kind],
    ['noun', noun],
  ]);
  const tests = await Promise.all(parts.map(({ template }) => templateOf(`${template}.test.ts`)));
  const testNames = [...new Set(['newPartner', 'openScene', ...parts.flatMap(({ testNames }) => testNames)])];
  const lines = {
    imports: parts.map(({ names, file }) => `import { ${names.join(', ')} } from './${file}.js';`),
    parts: parts.flatMap(({ properties }) => properties.map((property) => `  ${property},`)),
    ownImports: parts.flatMap(({ testImport }) => testImport),
    testImports: parts.flatMap(({ nodeImports }) => nodeImports),
    testNames: [[...testNames.toSorted(), 'type Scene'].join(', ')],
    constants: parts.map(({ constant }) => constant),
    environment: parts.map(({ environment }) => environment),
    exports: parts.map(({ exports }) => exports),
    tests: tests.map((text) => text.trimEnd()),
  };
  const composed = Object.entries(lines).map(([key, texts]): [string, string] => [
    key,
    filled(texts.filter((text) => text !== '').join('\n'), plain),
  ]);
  return new Map([...plain, ...composed]);
}

function templateOf(name: string): Promise<string> {
  return readFile(resolve(`#assets/templates/extension/${name}.txt`), 'utf8');
}

/** Replaces placeholders; a line with nothing but an empty one is removed. */
function filled(template: string, values: ReadonlyMap<string, string>): string {
  const value = (key: string): string => {
    const text = values.get(key);
    if (text === undefined) throw new Error(`The template has an unknown placeholder ${key}`);
    return text;
  };
  return template
    .replaceAll(/^\{\{(\w+)\}\}\n/gm, (_, key: string) => (value(key) === '' ? '' : `${value(key)}\n`))
    .replaceAll(/\{\{(\w+)\}\}/g, (_, key: string) => value(key));
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
