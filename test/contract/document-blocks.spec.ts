import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  blocksOf,
  CLAIMS,
  documents,
  GENERATED_OWNER,
  ownedBlocks,
  type OwnedBlock,
} from '../support/document-owners.js';
import { GENERATED_FILES } from './generated-docs.js';

const place = ({ document, line, language }: OwnedBlock): string => `${document}:${line} ${language}`;
const unowned = (blocks: readonly OwnedBlock[]): string[] =>
  blocks.filter(({ owner }) => owner === undefined).map(place);

describe('Every block of code', () => {
  const blocks = documents().flatMap((document) => ownedBlocks(document));

  it('has a test that runs or checks it: test/support/document-owners.ts', () => {
    expect(blocks.length).toBeGreaterThan(100);
    expect(unowned(blocks)).toEqual([]);
  });

  it('is closed, and found by the reader of blocks', () => {
    const odd = documents().filter((document) => {
      const fences = readFileSync(document, 'utf8').match(/^[ >*-]*(?:`{3,}|~{3,})/gm) ?? [];
      return fences.length !== 2 * ownedBlocks(document).length;
    });
    expect(odd).toEqual([]);
  });

  it('that is a copy is written by npm run docs', () => {
    const generated = new Set(GENERATED_FILES.map(({ path }) => path));
    const copies = blocks.filter(({ owner }) => owner === GENERATED_OWNER);
    expect(copies.length).toBeGreaterThan(15);
    expect(copies.filter(({ document }) => !generated.has(document)).map(place)).toEqual([]);
  });
});

describe.each([...new Set(CLAIMS.map(({ owner }) => owner))])('%s', (owner) => {
  it('takes the blocks that it claims', () => {
    const spec = readFileSync(owner, 'utf8');
    const isTaken = ({ document }: { document: string }): boolean =>
      spec.includes(`blocksOf('${owner}'`) || spec.includes(`'${document}'`);
    expect(blocksOf(owner).filter((block) => !isTaken(block))).toEqual([]);
  });
});

describe('The claims', () => {
  it('all find a block', () => {
    const idle = CLAIMS.flatMap(({ owner, documents: claimed, language }) =>
      claimed
        .filter((document) => blocksOf(owner, document).every((block) => block.language !== language))
        .map((document) => `${owner}: ${document} has no ${language} of it`),
    );
    expect(idle).toEqual([]);
  });

  it('leave out a new kind of block, and a new document', () => {
    const content = '# Title\n\n```sh\nls\n```\n\n```yaml\na: 1\n```\n\n1. Step\n\n   ```sh\n   ls\n   ```\n';
    expect(unowned(ownedBlocks('docs/watching.md', content))).toEqual(['docs/watching.md:7 yaml']);
    expect(unowned(ownedBlocks('docs/new.md', content))).toHaveLength(3);
  });

  it('count a block as output only after a command whose output is compared', () => {
    const output = '```sh\nls\n```\n\n```text\na\n```\n';
    expect(unowned(ownedBlocks('docs/watching.md', output))).toEqual([]);
    expect(
      unowned(ownedBlocks('docs/watching.md', `Before\n\n${output.slice(output.indexOf('```text'))}`)),
    ).toHaveLength(1);
    expect(unowned(ownedBlocks('docs/performance.md', output))).toHaveLength(1);
  });
});
