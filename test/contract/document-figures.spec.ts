import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { blocksOf } from '../support/document-owners.js';

const OWNER = 'test/contract/document-figures.spec.ts';
const textOf = (document: string, language: string): string =>
  blocksOf(OWNER, document)
    .filter((block) => block.language === language)
    .map(({ text }) => text)
    .join('\n');

/** Paths of a tree of folders, in which two spaces indent and several paths may share a line. */
function pathsOf(tree: string): string[] {
  const parents: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const [, indent = '', names] = /^( *)(\S+(?: {2}\S+\/)*)(?: .*)?$/.exec(line) ?? [];
    if (names === undefined) return [];
    const depth = indent.length / 2;
    const paths = names.split(/ +/).map((name) => join(...parents.slice(0, depth), name));
    parents[depth] = paths.length === 1 ? names : '';
    return paths;
  });
}

describe('docs/architecture.md', () => {
  const paths = pathsOf(textOf('docs/architecture.md', ''));

  it('draws folders that exist', () => {
    expect(paths.length).toBeGreaterThan(60);
    expect(paths.filter((path) => !existsSync(path))).toEqual([]);
  });

  it.each(['src', 'libs', 'src/imports', 'src/media'])('draws every folder of %s', (parent) => {
    const drawn = new Set(paths);
    const folders = readdirSync(parent, { withFileTypes: true }).filter(
      (entry) => entry.isDirectory() && (entry.name !== 'testing' || parent === 'src'),
    );
    expect(folders.map(({ name }) => `${parent}/${name}/`).filter((path) => !drawn.has(path))).toEqual([]);
  });
});

describe('libs/console/README.md', () => {
  it('draws folders and files that exist', () => {
    const document = 'libs/console/README.md';
    const paths = pathsOf(textOf(document, '').replaceAll('<x>', ''));
    expect(paths.length).toBeGreaterThan(4);
    expect(paths.filter((path) => !existsSync(join(dirname(document), path)))).toEqual([]);
  });
});

describe('README.md', () => {
  const NODE = String.raw`\w+(?:\(\[[^\]]+\]\)|\[\([^)]+\)\]|\[[^\]]+\])?`;
  const EDGE = new RegExp(`^  (${NODE}) -- "(\\d) · [^"]+" --> (${NODE})$`);

  it('draws a flow whose steps are numbered, between boxes that have a name', () => {
    const [head, ...edges] = textOf('README.md', 'mermaid').trimEnd().split('\n');
    expect(head).toBe('flowchart LR');
    const steps = edges.map((edge) => EDGE.exec(edge));
    expect(edges.filter((_, at) => steps[at] === null)).toEqual([]);
    expect(steps.map((step) => Number(step?.[2]))).toEqual(edges.map((_, at) => at + 1));
    const boxes = steps.flatMap((step) => [step?.[1] ?? '', step?.[3] ?? '']);
    const named = new Set(boxes.filter((box) => /\W/.test(box)).map((box) => box.replace(/\W.*/, '')));
    expect(boxes.filter((box) => !named.has(box.replace(/\W.*/, '')))).toEqual([]);
  });
});

describe('test/bench/README.md', () => {
  it('shows marks that the report fills', () => {
    const content = textOf('test/bench/README.md', 'md');
    expect(content).toMatch(/^<!-- figures:begin rows small large -->\n[^]+<!-- figures:end -->\n$/);
    // The marks of the documents have the same form.
    expect(readFileSync('docs/performance.md', 'utf8')).toMatch(/<!-- figures:begin rows \w+/);
  });
});
