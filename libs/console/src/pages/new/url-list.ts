/** A comma may be part of a URL; one with another column has no header line, which tables need. */
const URL_LINE = /^https?:\/\/\S+$/i;

/** Pasted text as a list that the table reader takes: lines of URLs alone become entries on the same lines. */
export function pastedList(text: string): { name: string; content: string; isUrls: boolean } {
  const lines = text.split(/\r\n|\n|\r/);
  const [first = ''] = lines.filter((line) => line.trim() !== '');
  if (!URL_LINE.test(first.trim())) return { name: '', content: text, isUrls: false };
  const entries = lines.map((line) => (line.trim() === '' ? '' : JSON.stringify({ url: line.trim() })));
  return { name: 'urls.jsonl', content: entries.join('\n'), isUrls: true };
}
