import { readFileSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** What people read: documents, code and comments. */
const CLEAN: readonly string[] = [
  'README.md',
  'SECURITY.md',
  '.env.example',
  'docs',
  'src',
  'libs',
  'test',
  'build',
];

/** They name the retired words on purpose. */
const EXCEPT: ReadonlySet<string> = new Set(['docs/glossary.md', 'test/contract/language.spec.ts']);

const TEXT = /\.(?:md|ts|mts|js|mjs|sh|svg|example)$/;

/** Phrases that docs/glossary.md replaces, as far as no other meaning of them is in use. */
const RETIRED: readonly RegExp[] = [
  /\bunder way\b/i,
  /\b(?:come|comes|came|coming) to an end\b/i,
  /\bis at an end\b/i,
  /\bleft alone\b/i,
  /\bsigns? of life\b/i,
  /\bwhoever\b/i,
  /\bsomebody\b/i,
  /\bnobody refers to\b/i,
  /\bwhat (?:became|becomes|will become) of\b/i,
  /\bcuts? (?:nobody|somebody) off\b/i,
  /\b(?:has|have|had) no say\b/i,
  /\b(?:goes|go|went|gone) astray\b/i,
  /\bgives? way\b/i,
  /\bwhat passes\b/i,
  /\bfaults? of ours\b/i,
  /\b(?:database|PostgreSQL|Redis|storage|network|S3) (?:is|was) away\b/i,
  /\bmust be (?:used less often|left out)\b/i,
  /\bhold of the event loop\b/i,
  /\bas (?:many|long) as wanted\b/i,
  /\b(?:any|every)body\b/i,
  /\bin vain\b/i,
  /\banew\b/i,
  /\bfarewell\b/i,
  /\bstumbles?\b/i,
];

/** Titles of tests are quoted as they are: `test/some.spec.ts` “title”. */
const QUOTED_TITLES = /`[\w./-]+\.spec\.ts`\s+“[^”]+”/g;

async function filesOf(path: string): Promise<string[]> {
  if (!statSync(path).isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && TEXT.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !EXCEPT.has(file));
}

/** Line breaks count as spaces, so that a phrase is found across lines. */
function retiredIn(text: string): string[] {
  const prose = text.replaceAll(QUOTED_TITLES, '').replaceAll(/\s+(?:[*/#|>-]+\s+)?/g, ' ');
  return RETIRED.flatMap((phrase) => {
    const found = phrase.exec(prose);
    return found === null ? [] : [prose.slice(Math.max(0, found.index - 40), found.index + 60)];
  });
}

describe('The language of', () => {
  it.each(CLEAN)('%s has no retired phrases (docs/glossary.md)', async (path) => {
    const files = await filesOf(path);
    expect(files).not.toEqual([]);
    const findings = files.flatMap((file) =>
      retiredIn(readFileSync(file, 'utf8')).map((finding) => `${file}: …${finding}…`),
    );
    expect(findings).toEqual([]);
  });
});

describe('The check', () => {
  it('finds phrases across lines, except in quoted test titles', () => {
    expect(retiredIn('what is under\n * way')).toHaveLength(1);
    expect(retiredIn('`a/b.spec.ts` “lets what is under way end”')).toEqual([]);
    expect(retiredIn('in flight')).toEqual([]);
  });
});
