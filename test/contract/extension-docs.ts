import { FORGOTTEN } from '../extension/faults.table.js';

const BEGIN = '<!-- faults:begin -->';
const END = '<!-- faults:end -->';

/** Replaces the table of start faults between the marks of a document. @throws Error if a mark is missing */
export function withFaultTable(document: string): string {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`The document must contain ${BEGIN} and ${END}`);
  const rows = FORGOTTEN.map(({ what, message }) => `| ${what} | ${literal(message)} |`);
  const table = ['| Fault | Message |', '| --- | --- |', ...rows].join('\n');
  return `${document.slice(0, begin + BEGIN.length)}\n\n${table}\n\n${document.slice(end)}`;
}

function literal(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}
