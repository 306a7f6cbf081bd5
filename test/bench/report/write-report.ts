import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import type { Results } from '../support/results.js';
import { writeBlock } from './blocks.js';

const END = '<!-- figures:end -->';
const MARKED = /<!-- figures:begin (?<mark>[^>]+?) -->[^]*?<!-- figures:end -->/g;

/** Replaces each block between `<!-- figures:begin NAME … -->` and `<!-- figures:end -->`. */
export function withFigures(document: string, results: Results): string {
  return document.replaceAll(
    MARKED,
    (_block, mark: string) => `<!-- figures:begin ${mark} -->\n\n${writeBlock(results, mark)}\n\n${END}`,
  );
}

/** Replaces the blocks of a Markdown file and formats it. @throws Error if the file has no marks */
export async function writeReport(results: Results, file: string): Promise<void> {
  const before = await readFile(file, 'utf8');
  if (before.search(MARKED) < 0) throw new Error(`${file} has no figures:begin and figures:end`);
  const options = await resolveConfig(file);
  await writeFile(file, await format(withFigures(before, results), { ...options, parser: 'markdown' }));
}
