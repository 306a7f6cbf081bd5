/** A fenced block of a document. */
export interface CodeBlock {
  readonly document: string;
  /** Line of the document on which it begins. */
  readonly line: number;
  /** Empty if it names none. */
  readonly language: string;
  readonly text: string;
  /** The file of which it is a copy, for a block that `npm run docs` writes. */
  readonly source: string | undefined;
  /** Whether nothing but space is between it and the block before. */
  readonly followsABlock: boolean;
}

/** A command of a document, and the output that follows it. */
export interface ShellBlock {
  /** Line of the document on which it begins. */
  readonly line: number;
  readonly commands: string;
  /** Content of the `text` or `json` block after it; undefined if there is none. */
  readonly output: string | undefined;
}

const BLOCK = /^( *)```(\S*).*\n([^]*?)^\1```$/gm;
const GENERATED = /<!-- code:begin (\S+) -->\s*$/;
/** Tells prettier to keep what follows. */
const COMMENT = /<!-- prettier-ignore -->/g;

/** Every fenced block of a document. */
export function codeBlocks(document: string, content: string): CodeBlock[] {
  let end = -1;
  return [...content.matchAll(BLOCK)].map(({ index, 0: all, 2: language = '', 3: text = '' }) => {
    const before = content.slice(0, index);
    const between = before.slice(end).replaceAll(COMMENT, '');
    const followsABlock = end >= 0 && between.trim() === '';
    end = index + all.length;
    const [, source] = GENERATED.exec(before) ?? [];
    return { document, line: before.split('\n').length, language, text, source, followsABlock };
  });
}

/** The `sh` blocks of a document; a `text` or `json` block right after one is its output. */
export function shellBlocks(blocks: readonly CodeBlock[]): ShellBlock[] {
  return blocks.flatMap(({ language, line, text }, at) => {
    if (language !== 'sh') return [];
    const next = blocks[at + 1];
    return [{ line, commands: text, output: next !== undefined && isOutput(next) ? next.text : undefined }];
  });
}

/** Whether a block is the output of the one before it. */
export function isOutput({ language, followsABlock }: CodeBlock): boolean {
  return followsABlock && (language === 'text' || language === 'json');
}

/**
 * Whether an output is as a document shows it. `…` stands for any text within a line, and alone on a line for any
 * number of lines.
 */
export function isShown(shown: string, output: string): boolean {
  const lines = shown.trimEnd().split('\n');
  const pattern = lines
    .map((line) =>
      line.trim() === '…' ? '(?:.*\\n)*?' : `${line.trimEnd().split('…').map(escaped).join('.*')}[ ]*\\n`,
    )
    .join('');
  return new RegExp(`^${pattern}$`).test(`${output.trimEnd()}\n`);
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
