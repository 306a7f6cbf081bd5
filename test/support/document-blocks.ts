/** A command of a document, and the output that follows it. */
export interface ShellBlock {
  /** Line of the document on which it begins. */
  readonly line: number;
  readonly commands: string;
  /** Content of the `text` block after it; undefined if there is none. */
  readonly output: string | undefined;
}

const BLOCK = /^```(\w*)\n([\s\S]*?)^```$/gm;

/** The `sh` blocks of a document; a `text` or `json` block right after one is its output. */
export function shellBlocks(document: string): ShellBlock[] {
  const blocks = [...document.matchAll(BLOCK)].map(({ index, 0: all, 1: language = '', 2: text = '' }) => ({
    language,
    text,
    begin: index,
    end: index + all.length,
  }));
  return blocks.flatMap((block, at) => {
    if (block.language !== 'sh') return [];
    const next = blocks[at + 1];
    const isOutput =
      next !== undefined &&
      (next.language === 'text' || next.language === 'json') &&
      document.slice(block.end, next.begin).trim() === '';
    return [
      {
        line: document.slice(0, block.begin).split('\n').length,
        commands: block.text,
        output: isOutput ? next.text : undefined,
      },
    ];
  });
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
