import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

const BLOCK = /<!-- code:begin (\S+) -->[\s\S]*?<!-- code:end -->/g;

/**
 * Replaces the code blocks of a document with the files that they name, so that every block is code that CI builds.
 *
 * @param root folder of the repository, which the paths are relative to
 * @throws Error if the document has no block, or a file is missing
 */
export function withCode(document: string, root = '.'): string {
  if (!document.includes('<!-- code:begin ')) throw new Error('The document has no <!-- code:begin PATH -->');
  return document.replace(BLOCK, (_block, path: string) => {
    const text = readFileSync(join(root, path), 'utf8').trimEnd();
    const language = extname(path).slice(1);
    return `<!-- code:begin ${path} -->\n\n\`\`\`${language}\n${text}\n\`\`\`\n\n<!-- code:end -->`;
  });
}
