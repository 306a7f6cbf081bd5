/** A Markdown table; escapes `|` in cells. */
export function markdownTable(
  head: readonly string[],
  rows: ReadonlyArray<readonly string[]>,
  align: ReadonlyArray<'left' | 'right'> = head.map((_, place) => (place === 0 ? 'left' : 'right')),
): string {
  const rule = line(align.map((side) => (side === 'left' ? '---' : '--:')));
  return [line(head), rule, ...rows.map(line)].join('\n');
}

function line(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`;
}
