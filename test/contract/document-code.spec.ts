import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import type { CodeBlock } from '../support/document-blocks.js';
import { blocksOf } from '../support/document-owners.js';

/** What the reader of a document has already, by its path. */
const GIVEN: Readonly<Record<string, string>> = {
  'docs/extending.md': `
    import { Controller, Get } from '@nestjs/common';
    import { CurrentCaller, defineScopes, defineSettings, secret, text, type Caller } from '../src/index.js';
    class ReportDto {}`,
  'libs/child-pool/README.md': `
    import type { Work } from '#libs/child-pool';
    import { threadEntry } from '#libs/threads';
    declare const signal: AbortSignal, work: Work<string>;`,
  'libs/embedded/README.md': `
    import { BullModule } from '@nestjs/bull';
    import Bull from 'bull';
    import { Redis } from 'ioredis';
    import { startServices } from '#libs/embedded';
    declare const dataDir: string, redisUrl: string, options: Bull.QueueOptions;
    declare const log: (line: string) => void, endWith: (error: Error) => void;`,
  'libs/errors/README.md': 'declare const error: unknown;',
  'libs/media-probe/README.md': 'declare const signal: AbortSignal;',
  'libs/outbound-http/README.md': `
    import { createWriteStream } from 'node:fs';
    import { pipeline } from 'node:stream/promises';
    declare const url: string, path: string;`,
  'libs/storage/README.md': `
    import type { ServerResponse } from 'node:http';
    declare const signal: AbortSignal, response: ServerResponse;`,
  'test/support/README.md': `
    import { startOrigin } from './origin.js';
    import { startRawOrigin, say, sayForever, saySlowly } from './raw-origin.js';
    import { startReceiver } from './receiver.js';
    declare const bytes: Buffer, id: string, videoFor: (path: string) => Buffer;`,
};

const { config } = ts.readConfigFile('tsconfig.json', (path) => readFileSync(path, 'utf8'));
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, '.');

/** What the compiler says about blocks, by their line. */
function complaintsAbout(blocks: readonly CodeBlock[]): string[] {
  const sources = new Map(
    blocks.map((block) => [resolve(dirname(block.document), `block-${block.line}.ts`), block]),
  );
  const disk = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (path) => sources.has(path) || disk.fileExists(path),
    getSourceFile: (path, target, ...more) => {
      const block = sources.get(path);
      if (block === undefined) return disk.getSourceFile(path, target, ...more);
      return ts.createSourceFile(path, textOf(block), target);
    },
  };
  const program = ts.createProgram(
    [...sources.keys()],
    { ...options, noEmit: true, noUnusedLocals: false, noUnusedParameters: false },
    host,
  );
  return [...sources].flatMap(([path, { document }]) =>
    ts.getPreEmitDiagnostics(program, program.getSourceFile(path)).map(({ messageText }) => {
      return `${document} (${relative('.', path)}): ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
    }),
  );
}

function textOf(block: CodeBlock): string {
  // A body that the document leaves out.
  const text = block.text.replaceAll('{ … }', '{ throw new Error(); }');
  return `${givenTo(block)}\n${text}\nexport {};`;
}

/** A name that the block declares or imports itself is not given to it. */
function givenTo({ document, text }: CodeBlock): string {
  const imported = new Set(
    [...text.matchAll(/import \{ ([^}]+) \}/g)].flatMap(([, names = '']) => names.split(', ')),
  );
  return (GIVEN[document] ?? '').replaceAll(/import \{ ([^}]+) \} from/g, (_all, names: string) => {
    const left = names.split(', ').filter((name) => !imported.has(name));
    return `import { ${left.join(', ')} } from`;
  });
}

describe('The code of the documents', () => {
  const blocks = blocksOf('test/contract/document-code.spec.ts');

  it('compiles', () => {
    expect(blocks.length).toBeGreaterThan(10);
    expect(complaintsAbout(blocks)).toEqual([]);
  });

  it('would not compile with a name that does not exist', () => {
    const [block] = blocks.filter(({ document }) => document === 'libs/threads/README.md');
    const broken = { ...block, text: block.text.replaceAll('threadEntry', 'threadEntries') };
    expect(complaintsAbout([broken])).toEqual([expect.stringContaining('threadEntries')]);
  });
});
